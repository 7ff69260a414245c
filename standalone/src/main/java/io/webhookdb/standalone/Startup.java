package io.webhookdb.standalone;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** Starts parts side by side, each in a thread of its own as soon as what it needs is there. */
final class Startup implements Executor {
    @Override
    public void execute(Runnable part) {
        Thread thread = new Thread(part, "start");
        thread.setDaemon(true);
        thread.start();
    }

    <T> CompletableFuture<T> begin(Supplier<T> part) {
        return CompletableFuture.supplyAsync(part, this);
    }

    /** Returns when all have started; throws at once what the first failing one threw. */
    void awaitAll(CompletableFuture<?>... parts) {
        CompletableFuture<Void> all = CompletableFuture.allOf(parts);
        for (CompletableFuture<?> part : parts) {
            part.whenComplete(
                    (started, failure) -> {
                        if (failure != null) {
                            all.completeExceptionally(failure);
                        }
                    });
        }
        try {
            all.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause
                    ? cause
                    : new IllegalStateException(e.getCause());
        }
    }
}
