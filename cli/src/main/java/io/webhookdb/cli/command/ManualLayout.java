package io.webhookdb.cli.command;

import picocli.CommandLine;
import picocli.CommandLine.Model.UsageMessageSpec;

/** Makes every help page read the same: usage, what it does, arguments, flags, examples. */
public final class ManualLayout {
    private static final int WIDTH = 100;

    private ManualLayout() {}

    /** Lays out the page of this command and of all below it. */
    public static void apply(CommandLine command) {
        UsageMessageSpec page = command.getCommandSpec().usageMessage();
        page.width(WIDTH);
        page.sortOptions(false);
        boolean runsAlone = command.getCommandSpec().userObject() instanceof Runnable;
        page.synopsisSubcommandLabel(runsAlone ? "[COMMAND]" : "COMMAND");
        page.synopsisHeading("%nUsage:%n  ");
        page.descriptionHeading("%n");
        page.parameterListHeading("%nArguments:%n");
        page.optionListHeading("%nFlags:%n");
        page.commandListHeading("%nCommands:%n");
        if (page.footerHeading().isEmpty() && page.footer().length > 0) {
            page.footerHeading("%nExamples:%n");
        }
        command.getSubcommands().values().forEach(ManualLayout::apply);
    }
}
