package io.webhookdb.standalone;

import java.io.PrintStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code up}: starts everything in the foreground and runs until it is told to stop. */
@Command(
        name = "up",
        mixinStandardHelpOptions = true,
        defaultValueProvider = EnvironmentDefaults.class,
        description = "Start the whole system in the foreground; Ctrl-C or SIGTERM stops it.")
final class UpCommand implements Callable<Integer> {
    @Mixin StandaloneOptions options;

    @Override
    public Integer call() throws InterruptedException {
        PrintStream out = System.out;
        Lifecycle lifecycle = new Lifecycle(out);
        lifecycle.start(options, UpCommand::print);
        lifecycle.awaitStop();
        return 0;
    }

    /** Flushed at once, as scripts read it through a pipe. */
    static void print(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
