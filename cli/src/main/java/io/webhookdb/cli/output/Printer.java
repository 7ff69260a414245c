package io.webhookdb.cli.output;

import io.webhookdb.cli.api.Json;
import io.webhookdb.cli.api.Reply;
import io.webhookdb.cli.terminal.Colour;
import io.webhookdb.cli.terminal.Terminal;
import java.io.PrintStream;
import java.util.function.Function;

/**
 * Puts answers on the terminal. Messages stand above a table; with every other format they go to
 * standard error, so that standard output can be parsed. Quiet leaves messages out, never results.
 */
public final class Printer {
    /** Whether messages are printed. */
    public enum Messages {
        SHOWN,
        HIDDEN
    }

    private final Terminal terminal;
    private final Messages messages;

    public Printer(Terminal terminal, Messages messages) {
        this.terminal = terminal;
        this.messages = messages;
    }

    /** Prints the message of an answer that has nothing else to show. */
    public void message(Reply reply) {
        message(reply.message(), terminal.out());
    }

    /** Prints something to be known beside a result. */
    public void aside(String text) {
        message(text, terminal.err());
    }

    /** Prints something that is a message of this client. */
    public void say(String text) {
        message(text, terminal.out());
    }

    /** Prints a result that is text; a newline ends it. */
    public void result(String text) {
        terminal.out().print(text.isEmpty() || text.endsWith("\n") ? text : text + "\n");
    }

    /** Prints an answer in the form asked for. */
    public void show(Reply reply, Function<Reply, View> reader, Format format, Colour colour) {
        if (format == Format.RAW) {
            result(reply.text());
            return;
        }
        View view = reader.apply(reply);
        switch (format) {
            case TABLE -> table(reply.message(), view, colour);
            case CSV -> {
                aside(reply.message());
                result(Csv.lines(view.csv()));
                notice(view);
            }
            default -> {
                aside(reply.message());
                result(Json.pretty(view.json()));
                notice(view);
            }
        }
    }

    private void table(String message, View view, Colour colour) {
        String table = view.table(colour);
        message(message, terminal.out());
        if (messages == Messages.SHOWN && !message.isEmpty() && !table.isEmpty()) {
            terminal.out().println();
        }
        result(table);
        if (!view.notice().isEmpty()) {
            terminal.out().println(colour.faint(view.notice()));
        }
    }

    // Not a message: that a result is incomplete must be known, quiet or not.
    private void notice(View view) {
        if (!view.notice().isEmpty()) {
            terminal.err().println(view.notice());
        }
    }

    private void message(String text, PrintStream to) {
        if (messages == Messages.SHOWN && !text.isEmpty()) {
            to.println(Printable.text(text.stripTrailing()));
        }
    }
}
