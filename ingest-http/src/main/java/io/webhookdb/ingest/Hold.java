package io.webhookdb.ingest;

import io.vertx.core.Context;

/**
 * The wait of a request for the control topic to bring its integration, or to show that it will
 * not.
 */
final class Hold implements WaitingRoom.Guest {
    private final Edge edge;
    private final Context context;
    private final Exchange exchange;
    private final String integration;
    private final long arrivedMicros;
    private final Runnable goOn;
    private long timer;

    /**
     * @param goOn what is done on the request's event loop once more is known
     */
    Hold(
            Edge edge,
            Context context,
            Exchange exchange,
            String integration,
            long arrivedMicros,
            Runnable goOn) {
        this.edge = edge;
        this.context = context;
        this.exchange = exchange;
        this.integration = integration;
        this.arrivedMicros = arrivedMicros;
        this.goOn = goOn;
    }

    /** Begins to wait; where too many do, the request is answered. */
    void begin() {
        timer = context.owner().setTimer(edge.settings().holdTime().toMillis(), late -> giveUp());
        exchange.onGone(this::cancel);
        if (!edge.waitingRoom().enter(this)) {
            context.owner().cancelTimer(timer);
            exchange.answer(Outcome.TOO_MANY_HELD, Answer.OVERLOADED);
        }
    }

    private void giveUp() {
        if (edge.waitingRoom().leave(this)) {
            exchange.answer(Outcome.UNDECIDED, Answer.UNDECIDED);
        }
    }

    private void cancel() {
        context.owner().cancelTimer(timer);
        edge.waitingRoom().leave(this);
    }

    @Override
    public void wake() {
        context.runOnContext(
                now -> {
                    context.owner().cancelTimer(timer);
                    if (!exchange.isOver()) {
                        goOn.run();
                    }
                });
    }

    @Override
    public String integration() {
        return integration;
    }

    @Override
    public long arrivedMicros() {
        return arrivedMicros;
    }
}
