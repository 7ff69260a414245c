package io.webhookdb.cli.command;

import io.webhookdb.cli.Build;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code version}: which build this is. */
@Command
final class VersionCommand implements Runnable {
    private final Session session;

    @Option(names = "--time", description = "Print the time of the build, too.")
    boolean time;

    VersionCommand(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        Build build = Build.current();
        session.printer().result(time ? build.version() + " " + build.time() : build.version());
    }
}
