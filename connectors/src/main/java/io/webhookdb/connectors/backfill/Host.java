package io.webhookdb.connectors.backfill;

import io.webhookdb.connectors.backfill.PageWork.Item;
import io.webhookdb.connectors.kafka.OutgoingRecord;
import java.time.Instant;
import java.util.List;

/** What runs need of the operator they run in. */
interface Host {
    /** Milliseconds since the epoch. */
    long now();

    /** Has the account looked at then. */
    void wake(Account account, long atMillis);

    /** Whether one more request may go out now; otherwise the account is looked at when it may. */
    boolean mayAsk(Account account);

    /** When the organization may let out more items. */
    long mayLetOutAt(long organization);

    /** Asks; the answer comes to {@link RunKeeper#answered} or {@link RunKeeper#refused}. */
    void ask(Account account, RunState run, RunState.Active active, ApiRequest request, Task task);

    /**
     * What belongs to a request.
     *
     * @param visits where its row is visited on its own; else null
     */
    record Task(Access access, PageWork work, Visits visits) {}

    /** Asks for something that brings no items; looks at the account afterwards. */
    void post(Account account, ApiRequest request, Posted then);

    /** What is done with an answer: exactly one of the two is given. */
    interface Posted {
        void take(ApiAnswer answer, ApiException failure) throws Exception;
    }

    /** Reads a table away from the task thread, then calls back on it. */
    void read(Account account, RunState run, Reading reading, Rows then);

    /** Reads something away from the task thread, then calls back and looks at the account. */
    <T> void look(Account account, Lookup<T> reading, Found<T> then);

    /** A blocking reading. */
    interface Lookup<T> {
        T read() throws ApiException;
    }

    /** What is done with what was read: without a failure it is given. */
    interface Found<T> {
        void take(T found, ApiException failure) throws Exception;
    }

    /** Lets items that an order brought into the log. */
    void emit(OrderState order, List<Item> items, Instant startedAt);

    /** Sends a report. */
    void report(OutgoingRecord report);

    /** A blocking reading. */
    interface Reading {
        TableRows.Read read() throws ApiException;
    }

    /** What is done with rows. */
    interface Rows {
        void take(TableRows.Read read) throws Exception;
    }
}
