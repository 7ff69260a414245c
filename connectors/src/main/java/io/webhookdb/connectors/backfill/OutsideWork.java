package io.webhookdb.connectors.backfill;

import io.webhookdb.connectors.backfill.Host.Reading;
import io.webhookdb.connectors.backfill.Host.Rows;
import io.webhookdb.connectors.backfill.Host.Task;
import io.webhookdb.connectors.backfill.PageWork.Ready;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Set;
import org.apache.flink.metrics.Counter;
import org.apache.flink.util.function.ThrowingRunnable;

/**
 * Requests to vendors and readings of tables: begun on the task thread, carried out elsewhere, and
 * ended by a mail to the task thread.
 */
final class OutsideWork implements AutoCloseable {
    private final int mostRequests;
    private final RunKeeper runs;
    private final VendorClient client;
    private final BackfillWorkers workers;
    private final TaskThread task;
    private final Counter failed;
    private final Set<Account> waiting = new LinkedHashSet<>();
    private int onTheWay;

    /** What it needs of the task thread. */
    interface TaskThread {
        /** Has something run there. */
        void later(ThrowingRunnable<Exception> mail);

        /** The account of that key. */
        Account account(String key) throws Exception;

        /** Makes the account the current key. */
        void enter(Account account);

        /** Looks at the account. */
        void pump(Account account) throws Exception;
    }

    /**
     * @param failed counts requests that brought nothing
     */
    OutsideWork(
            BackfillSettings settings,
            RunKeeper runs,
            BackfillWorkers workers,
            TaskThread task,
            Counter failed) {
        this.mostRequests = settings.mostRequests();
        this.runs = runs;
        this.client =
                new VendorClient(
                        settings, (grant, token) -> task.later(() -> renewed(grant, token)));
        this.workers = workers;
        this.task = task;
        this.failed = failed;
    }

    int onTheWay() {
        return onTheWay;
    }

    /** Whether one more request may go out; otherwise the account is looked at when it may. */
    boolean mayAsk(Account account) {
        if (onTheWay < mostRequests) {
            return true;
        }
        waiting.add(account);
        return false;
    }

    void ask(
            Account account,
            RunState run,
            RunState.Active active,
            ApiRequest request,
            Task belonging) {
        onTheWay++;
        client.ask(request)
                .whenComplete(
                        (answer, failure) -> {
                            Runnable work =
                                    () -> {
                                        ThrowingRunnable<Exception> then =
                                                failure == null
                                                        ? answered(
                                                                account, run, active, belonging,
                                                                request, answer)
                                                        : refused(
                                                                account,
                                                                run,
                                                                active,
                                                                belonging,
                                                                VendorClient.failure(
                                                                                failure,
                                                                                request.uri())
                                                                        .on(request, null));
                                        task.later(() -> end(account, then));
                                    };
                            if (belonging.visits() == null) {
                                workers.compute(work);
                            } else {
                                // What came is compared with a table, which may block.
                                workers.read(work);
                            }
                        });
    }

    void post(Account account, ApiRequest request, Host.Posted then) {
        onTheWay++;
        client.ask(request)
                .whenComplete(
                        (answer, failure) -> {
                            ApiException why =
                                    failure == null
                                            ? null
                                            : VendorClient.failure(failure, request.uri());
                            task.later(() -> end(account, () -> then.take(answer, why)));
                        });
    }

    private void renewed(AccessGrant grant, String token) throws Exception {
        Account account = task.account(grant.holder().integration());
        task.enter(account);
        runs.renewed(account, grant, token);
        task.pump(account);
    }

    <T> void look(Account account, Host.Lookup<T> reading, Host.Found<T> then) {
        workers.read(
                () -> {
                    T found = null;
                    ApiException why = null;
                    try {
                        found = reading.read();
                    } catch (ApiException e) {
                        why = e;
                    } catch (RuntimeException e) {
                        why =
                                new ApiException(
                                        ApiFailure.TRANSIENT,
                                        "A table cannot be read: " + e.getClass().getSimpleName(),
                                        null,
                                        e);
                    }
                    T brought = found;
                    ApiException failure = why;
                    task.later(
                            () -> {
                                task.enter(account);
                                then.take(brought, failure);
                                task.pump(account);
                            });
                });
    }

    /** On a worker: the listing is touched by nobody else while its request is on the way. */
    private ThrowingRunnable<Exception> answered(
            Account account,
            RunState run,
            RunState.Active active,
            Task belonging,
            ApiRequest request,
            ApiAnswer answer) {
        try {
            ParentRow parent = active.listing.position().parent();
            Ready page =
                    active.listing
                            .answered(answer)
                            .map(brought -> belonging.work().ready(brought, parent))
                            .orElse(null);
            Ready ready =
                    page == null || belonging.visits() == null
                            ? page
                            : belonging.visits().visited(page, parent, answer);
            return () -> runs.answered(account, run, active, ready, answer);
        } catch (ApiException e) {
            return refused(account, run, active, belonging, e.on(request, answer));
        } catch (RuntimeException e) {
            return refused(
                    account,
                    run,
                    active,
                    belonging,
                    new ApiException(
                                    ApiFailure.UNREADABLE,
                                    "The API's answer cannot be used: "
                                            + e.getClass().getSimpleName(),
                                    null,
                                    e)
                            .on(request, answer));
        }
    }

    private ThrowingRunnable<Exception> refused(
            Account account,
            RunState run,
            RunState.Active active,
            Task belonging,
            ApiException why) {
        return () -> {
            failed.inc();
            runs.refused(account, run, active, belonging, why);
        };
    }

    /** A request ended, one way or the other. */
    private void end(Account account, ThrowingRunnable<Exception> then) throws Exception {
        onTheWay--;
        task.enter(account);
        then.run();
        task.pump(account);
        for (Account other : new ArrayList<>(waiting)) {
            if (onTheWay >= mostRequests) {
                break;
            }
            waiting.remove(other);
            task.pump(other);
        }
    }

    void read(Account account, RunState run, Reading reading, Rows then) {
        run.reading = true;
        workers.read(
                () -> {
                    ThrowingRunnable<Exception> took = read(account, run, reading, then, runs);
                    task.later(
                            () -> {
                                run.reading = false;
                                task.enter(account);
                                if (account.runs.get(run.id) == run) {
                                    took.run();
                                }
                                task.pump(account);
                            });
                });
    }

    private static ThrowingRunnable<Exception> read(
            Account account, RunState run, Reading reading, Rows then, RunKeeper runs) {
        try {
            TableRows.Read read = reading.read();
            return () -> then.take(read);
        } catch (ApiException e) {
            return () -> runs.failed(account, run, null, e);
        } catch (RuntimeException e) {
            ApiException failure =
                    new ApiException(
                            ApiFailure.TRANSIENT,
                            "A table cannot be read: " + e.getClass().getSimpleName(),
                            null,
                            e);
            return () -> runs.failed(account, run, null, failure);
        }
    }

    @Override
    public void close() {
        workers.close();
        client.close();
    }
}
