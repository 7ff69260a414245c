package io.webhookdb.connectors.backfill;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.webhookdb.connectors.backfill.BackfillDirectory.Known;
import io.webhookdb.connectors.backfill.RunState.Active;
import io.webhookdb.connectors.backfill.TableRows.Row;
import io.webhookdb.connectors.backfill.TableRows.Table;
import io.webhookdb.schemas.catalog.BackfillIncremental;
import io.webhookdb.schemas.catalog.BackfillToken;
import io.webhookdb.schemas.catalog.Column;
import io.webhookdb.schemas.catalog.Owners.Seal;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.catalog.Setup.StoredField;
import io.webhookdb.schemas.control.BackfillControl.Extent;
import io.webhookdb.schemas.control.IntegrationControl;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What belongs to listings that each need the credential of a row's owner: where it is, since when
 * a row is listed, and that a refused credential is the trouble of that owner alone.
 */
final class OwnerWork {
    /** A refused credential is tried again after so long, in case the vendor was wrong. */
    private static final Duration REFUSED = Duration.ofHours(24);

    private static final long STALENESS_MICROS = 5_000_000;

    private final BackfillDirectory directory;
    private final BackfillState state;
    private final Host host;
    private final TableRows rows;

    OwnerWork(BackfillDirectory directory, BackfillState state, Host host, TableRows rows) {
        this.directory = directory;
        this.state = state;
        this.host = host;
        this.rows = rows;
    }

    /** Whether requests of the service carry the credential of a row's owner. */
    static boolean owned(Known known) {
        return known.backfill() != null && OwnerTokens.of(known.backfill().auth()) != null;
    }

    /** The sealed credentials of the rows' owners, by the owner's key. Blocks. */
    Map<String, String> tokens(Known known, List<Row> of) throws ApiException {
        if (!owned(known)) {
            return Map.of();
        }
        BackfillToken token = OwnerTokens.of(known.backfill().auth());
        Set<String> keys = new LinkedHashSet<>();
        of.forEach(row -> keys.add(row.data().at(token.key()).asText()));
        Optional<IntegrationControl> owners =
                directory.ancestor(known.integration(), token.service());
        ServiceDefinition service = owners.map(directory::service).orElse(null);
        if (service == null || service.owners() == null) {
            return Map.of();
        }
        Table table = new Table(known.source(), owners.get(), service, null);
        return rows.column(table, column(service, token.member()), keys);
    }

    private static String column(ServiceDefinition service, String member) {
        String into = into(service, member);
        return service.columns().stream()
                .filter(column -> column.pointer().equals("/" + into))
                .map(Column::name)
                .findFirst()
                .orElseThrow();
    }

    private static String into(ServiceDefinition service, String member) {
        return service.owners().seal().stream()
                .filter(seal -> seal.member().equals(member))
                .map(Seal::into)
                .findFirst()
                .orElseThrow();
    }

    /**
     * The sealed credential that the message of an owner's backend brought; null if it had none.
     */
    static String brought(ServiceDefinition owners, JsonNode data) {
        for (Seal seal : owners.owners().seal()) {
            JsonNode sealed = data.get(seal.into());
            if (sealed != null && sealed.isTextual()) {
                return sealed.asText();
            }
        }
        return null;
    }

    /** Whether a row can be listed now; if not, the run knows that it is not complete. */
    boolean mayList(Account account, RunState run, Known known, ParentRow parent) throws Exception {
        if (!owned(known)) {
            return true;
        }
        if (OwnerNotes.isGone(account, known, parent)) {
            // Nothing is missing of a run without it: it is all taken away.
            return false;
        }
        boolean may =
                parent.hasToken()
                        && state.refusedUntil(digest(parent, known.access())) <= host.now();
        run.incomplete |= !may;
        return may;
    }

    /** Since when a row is listed, microseconds since the epoch; null: from the beginning. */
    Long since(Account account, OrderState order, RunState run, Known known, ParentRow parent)
            throws Exception {
        BackfillIncremental incremental = known.backfill().incremental();
        if (!incremental.ofRows()) {
            return parent.watermarkMicros() == null
                    ? run.watermarkMicros
                    : parent.watermarkMicros();
        }
        RowNote note = state.note(run.integration, parent.key());
        OwnerNote owner = OwnerNotes.of(account, known, parent);
        if (note == null
                || (owner != null && owner.goneAtMicros() >= note.listedFromMicros())
                || run.extent == Extent.FULL
                || order.criteria != null
                || note.epoch() != known.integration().epoch()) {
            return null;
        }
        int overlap = incremental.overlapSeconds() == null ? 0 : incremental.overlapSeconds();
        return note.listedFromMicros() - STALENESS_MICROS - overlap * 1_000_000L;
    }

    /** A row was listed to its end. */
    void listed(OrderState order, RunState run, ParentRow parent) throws Exception {
        Optional<Known> known = directory.find(run.integration);
        if (parent == null
                || order.criteria != null
                || known.isEmpty()
                || !known.get().backfill().incremental().ofRows()) {
            return;
        }
        state.put(
                run.integration,
                parent.key(),
                new RowNote(run.begunAtMicros, known.get().integration().epoch()));
    }

    /** Whether a failure is that of one owner, so that others are listed nevertheless. */
    static boolean isOfOne(Active active, ApiException why) {
        ParentRow parent = active.listing.position().parent();
        return parent != null
                && parent.hasToken()
                && (why.failure() == ApiFailure.CONFIGURATION
                        || why.failure() == ApiFailure.REVOKED);
    }

    /** Gives up the listing of one row. The order will have failed, of what it tells first. */
    void passOver(OrderState order, RunState run, Active active, Access access, ApiException why)
            throws Exception {
        ParentRow parent = active.listing.position().parent();
        if (why.failure() == ApiFailure.REVOKED) {
            state.refuse(digest(parent, access), host.now() + REFUSED.toMillis());
        }
        if (order.failure == null) {
            order.failure =
                    run.integration
                            + ", "
                            + parent.key()
                            + ": "
                            + access.withoutSecrets(why.getMessage());
        }
        run.incomplete = true;
        run.replace(active, null);
        state.put(run);
        state.put(order);
    }

    /** Names a credential together with the application it is used by; holds neither. */
    private static String digest(ParentRow parent, Access access) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(parent.token().getBytes(UTF_8));
            for (StoredField field :
                    List.of(StoredField.BACKFILL_KEY, StoredField.BACKFILL_SECRET)) {
                digest.update((byte) 0);
                digest.update(access.fields().getOrDefault(field, "").getBytes(UTF_8));
            }
            return HexFormat.of().formatHex(digest.digest(), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java runtime has SHA-256", e);
        }
    }
}
