package io.webhookdb.cli.listening;

import java.util.function.Consumer;

/** Reads server-sent events of the api, line by line. */
public final class ServerSentEvents {
    private final Consumer<String> changes;
    private final Runnable ready;
    private String lastId = "";
    private String id = "";
    private String event = "";
    private String data = "";

    /**
     * @param changes gets the body of each change
     * @param ready called when the server listens
     */
    public ServerSentEvents(Consumer<String> changes, Runnable ready) {
        this.changes = changes;
        this.ready = ready;
    }

    /** Takes the next line. */
    public void line(String line) {
        if (line.isEmpty()) {
            end();
        } else if (line.startsWith("id: ")) {
            id = line.substring(4);
        } else if (line.startsWith("event: ")) {
            event = line.substring(7);
        } else if (line.startsWith("data: ")) {
            data = line.substring(6);
        }
    }

    private void end() {
        switch (event) {
            case "ready" -> ready.run();
            case "change" -> changes.accept(data);
            default -> {
                // A sign of life.
            }
        }
        // Only now: what was not forwarded is to come again.
        lastId = id;
        event = "";
        data = "";
    }

    /** Where to go on; blank before the first event. */
    public String lastId() {
        return lastId;
    }
}
