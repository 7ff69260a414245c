package io.webhookdb.controlplane.provisioner.rotation;

import io.webhookdb.schemas.control.RotationControl;
import io.webhookdb.security.keyset.Keyset;
import io.webhookdb.security.keyset.KeysetEditor;
import io.webhookdb.security.keyset.KeysetFolder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Rotates every keyset while everything runs. Its state is in the application database, and each
 * step may be done twice, so whoever has the folder may go on where another was killed.
 *
 * <pre>
 *  distribute ▶ (all have read) ▶ promote ▶ (all use) ▶ rewrite ⟲ ▶ publish ▶ (all applied, in a
 *  checkpoint) ▶ retire ▶ (nobody holds) ▶ done
 * </pre>
 */
public final class Rotation {
    private final Jdbi jdbi;
    private final KeysetFolder keysets;
    private final KeysetEditor editor;
    private final RotationTimes times;

    public Rotation(Jdbi jdbi, KeysetFolder keysets, RotationTimes times) {
        this.jdbi = jdbi;
        this.keysets = keysets;
        this.editor = new KeysetEditor(keysets);
        this.times = times;
    }

    /**
     * Begins a rotation, unless one is going on.
     *
     * @param without kinds of parts that do not run any more although they did within a day
     * @return its id
     */
    public long begin(Set<String> without) {
        return jdbi.inTransaction(
                handle -> {
                    RotationLedger.begin(handle, KeyChanges.planned(editor), without);
                    RotationLedger.without(handle, without);
                    return RotationLedger.runningId(handle).orElseThrow();
                });
    }

    /** Where a rotation is. */
    public RotationProgress progress(long id) {
        return jdbi.withHandle(handle -> progress(handle, RotationLedger.byId(handle, id)));
    }

    /** Whether a rotation is going on. */
    public boolean isRunning() {
        return jdbi.withHandle(RotationLedger::runningId).isPresent();
    }

    /**
     * Does what can be done now of the rotation that is going on: at most a page of rewriting, or
     * one step.
     *
     * @return whether there may be more to do at once
     */
    public boolean advance() {
        return jdbi.inTransaction(
                handle ->
                        RotationLedger.running(handle)
                                .map(state -> advance(handle, state))
                                .orElse(false));
    }

    /** The record that tells that everything is published; empty while it is not. */
    public static Optional<RotationControl> published(Handle handle, long id) {
        return RotationLedger.byId(handle, id).publishedMicros().map(RotationControl::new);
    }

    private boolean advance(Handle handle, RotationState state) {
        switch (state.step()) {
            case DISTRIBUTE -> edit(state, (keyset, change) -> editor.add(keyset, change.added()));
            case PROMOTE -> edit(state, (keyset, change) -> editor.promote(keyset, change.added()));
            case REENCRYPT -> {
                return rewrite(handle, state);
            }
            case RETIRE -> {
                return retire(handle, state);
            }
            default -> {
                if (!waiting(handle, state).isEmpty()) {
                    if (state.step() == RotationStep.AWAIT_APPLIED) {
                        RotationLedger.tellAgain(handle, state);
                    }
                    return false;
                }
            }
        }
        if (state.step() == RotationStep.AWAIT_PUBLISHED) {
            RotationLedger.published(handle, state);
        }
        RotationLedger.enter(handle, state, state.step().next());
        return true;
    }

    private static void edit(RotationState state, BiConsumer<Keyset, KeyChange> edit) {
        state.changes().of().forEach(edit);
    }

    private boolean rewrite(Handle handle, RotationState state) {
        if (state.place() < CiphertextPlaces.ALL.size()) {
            CiphertextPlace.Page page =
                    CiphertextPlaces.ALL
                            .get(state.place())
                            .rewrite(handle, ciphers(state), state.afterId());
            RotationLedger.rewritten(
                    handle,
                    state,
                    page.isLast() ? state.place() + 1 : state.place(),
                    page.isLast() ? 0 : page.last(),
                    page.rewritten());
        } else if (state.passRewritten() > 0) {
            RotationLedger.nextPass(handle, state);
        } else {
            RotationLedger.listed(handle, state);
            RotationLedger.enter(handle, state, state.step().next());
        }
        return true;
    }

    /** Looks once more at everything: what is left under an old key would be lost. */
    private boolean retire(Handle handle, RotationState state) {
        Ciphers ciphers = ciphers(state);
        int found = 0;
        for (CiphertextPlace place : CiphertextPlaces.ALL) {
            CiphertextPlace.Page page;
            long after = 0;
            do {
                page = place.rewrite(handle, ciphers, after);
                after = page.last();
                found += page.rewritten();
            } while (!page.isLast());
        }
        if (found > 0) {
            RotationLedger.rewritten(handle, state, 0, 0, found);
            RotationLedger.enter(handle, state, RotationStep.REENCRYPT);
            return true;
        }
        edit(state, (keyset, change) -> change.retired().forEach(id -> editor.retire(keyset, id)));
        RotationLedger.enter(handle, state, state.step().next());
        return true;
    }

    private Ciphers ciphers(RotationState state) {
        return new Ciphers(state.changes(), keysets);
    }

    private RotationProgress progress(Handle handle, RotationState state) {
        return new RotationProgress(
                state.id(), state.step(), state.rewritten(), waiting(handle, state));
    }

    /** What a provisioner has not done of rows, and why. */
    private static List<String> rows(Handle handle, RotationState state) {
        return OwnerTokenLedger.waiting(handle, OwnerTokenLedger.keys(state).added()).stream()
                .map(
                        one ->
                                "credentials in rows of "
                                        + one.opaqueId()
                                        + (one.failure() == null ? "" : ": " + one.failure()))
                .toList();
    }

    private List<String> waiting(Handle handle, RotationState state) {
        if (state.step() == RotationStep.AWAIT_PUBLISHED) {
            long left = RotationLedger.unpublished(handle, state);
            return left == 0 ? List.of() : List.of(left + " records to be published");
        }
        if (!state.step().name().startsWith("AWAIT")) {
            return List.of();
        }
        List<String> missing =
                new ArrayList<>(
                        state.readiness()
                                .missing(
                                        state.step(),
                                        KeysetReaders.lately(handle, times.lately())));
        if (state.step() == RotationStep.AWAIT_APPLIED) {
            missing.addAll(rows(handle, state));
        }
        return missing.isEmpty() && state.inStep().compareTo(times.settled()) < 0
                ? List.of("the next reports")
                : missing;
    }
}
