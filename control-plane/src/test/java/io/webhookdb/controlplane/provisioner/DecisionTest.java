package io.webhookdb.controlplane.provisioner;

import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.controlplane.provisioner.OrganizationRow.DatabaseRow;
import io.webhookdb.schemas.control.ControlRecord.State;
import io.webhookdb.schemas.control.IntegrationControl.Deletion;
import io.webhookdb.schemas.control.IntegrationControl.VerificationMode;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DecisionTest {
    private static final OrganizationRow READY = organization(Optional.of(database(true)), 3, 3);

    @Test
    void placesBuildsPublishesAndRests() {
        assertThat(Decision.of(organization(Optional.empty(), 1, 0))).isEqualTo(Decision.PLACE);
        assertThat(Decision.of(organization(Optional.of(database(false)), 1, 0)))
                .isEqualTo(Decision.BUILD);
        assertThat(Decision.of(organization(Optional.of(database(true)), 1, 0)))
                .isEqualTo(Decision.PUBLISH);
        assertThat(Decision.of(READY)).isEqualTo(Decision.DONE);
    }

    @Test
    void buildsATableOnlyOnceTheOrganizationIsKnown() {
        OrganizationRow unknown = organization(Optional.of(database(true)), 1, 0);

        assertThat(Decision.of(integration(unknown, State.ACTIVE, 1, 0, Table.NONE)))
                .isEqualTo(Decision.WAIT);
        assertThat(Decision.of(integration(READY, State.ACTIVE, 1, 0, Table.NONE)))
                .isEqualTo(Decision.BUILD);
    }

    @Test
    void publishesAnIntegrationOnlyOnceItsTableIsThere() {
        assertThat(Decision.of(integration(READY, State.ACTIVE, 1, 0, Table.READY)))
                .isEqualTo(Decision.PUBLISH);
        assertThat(Decision.of(integration(READY, State.ACTIVE, 2, 1, Table.READY)))
                .isEqualTo(Decision.PUBLISH);
        assertThat(Decision.of(integration(READY, State.ACTIVE, 2, 2, Table.READY)))
                .isEqualTo(Decision.DONE);
    }

    @Test
    void dropsATableOnlyAfterTheEndWasPublished() {
        assertThat(Decision.of(integration(READY, State.DELETED, 3, 2, Table.READY)))
                .isEqualTo(Decision.PUBLISH);
        assertThat(Decision.of(integration(READY, State.DELETED, 3, 3, Table.READY)))
                .isEqualTo(Decision.DROP);
        assertThat(Decision.of(integration(READY, State.DELETED, 3, 3, Table.DROPPED)))
                .isEqualTo(Decision.DONE);
    }

    @Test
    void publishesWhatNeedsNothingBuiltOnceTheOrganizationIsKnown() {
        assertThat(Decision.of(new DocumentRow(1, "replay/r", "{}", 1, 0, false)))
                .isEqualTo(Decision.WAIT);
        assertThat(Decision.of(new DocumentRow(1, "replay/r", "{}", 1, 0, true)))
                .isEqualTo(Decision.PUBLISH);
        assertThat(Decision.of(new DocumentRow(1, "replay/r", "{}", 2, 1, true)))
                .isEqualTo(Decision.PUBLISH);
        assertThat(Decision.of(new DocumentRow(1, "replay/r", "{}", 2, 2, true)))
                .isEqualTo(Decision.DONE);
    }

    /** The note that it was published may be what a crash took. */
    @Test
    void publishesTheEndOfWhatMayHaveBeenPublished() {
        assertThat(Decision.of(integration(READY, State.DELETED, 2, 0, Table.READY)))
                .isEqualTo(Decision.PUBLISH);
    }

    @Test
    void forgetsWhatEndedBeforeAnyoneKnewItsOrganization() {
        OrganizationRow unknown = organization(Optional.empty(), 1, 0);

        assertThat(Decision.of(integration(unknown, State.DELETED, 2, 0, Table.NONE)))
                .isEqualTo(Decision.FORGET);
        assertThat(Decision.of(integration(unknown, State.DELETED, 2, 2, Table.DROPPED)))
                .isEqualTo(Decision.DONE);
    }

    @Test
    void renamesATableBeforeItTellsAnyone() {
        assertThat(Decision.of(integration(READY, State.ACTIVE, 2, 1, Table.OTHERWISE_NAMED)))
                .isEqualTo(Decision.RENAME);
        assertThat(Decision.of(integration(READY, State.DELETED, 3, 3, Table.OTHERWISE_NAMED)))
                .isEqualTo(Decision.DROP);
    }

    @Test
    void makesTombstonesBeforeItTellsAnyoneToDeleteForGood() {
        assertThat(Decision.of(integration(READY, State.ACTIVE, 2, 1, Table.WITHOUT_TOMBSTONES)))
                .isEqualTo(Decision.BURY);
    }

    private static String built(Table table) {
        return switch (table) {
            case NONE -> null;
            case OTHERWISE_NAMED -> "before";
            default -> "s_v1_beef";
        };
    }

    private enum Table {
        NONE,
        READY,
        OTHERWISE_NAMED,
        WITHOUT_TOMBSTONES,
        DROPPED
    }

    private static OrganizationRow organization(
            Optional<DatabaseRow> database, long revision, long published) {
        return new OrganizationRow(7, "acme", State.ACTIVE, revision, published, database);
    }

    private static DatabaseRow database(boolean ready) {
        return new DatabaseRow("h", 1, "h:1", "d", "public", "o", "", "r", "", 1, ready);
    }

    private static IntegrationRow integration(
            OrganizationRow organization, State state, long revision, long published, Table table) {
        return new IntegrationRow(
                1,
                "svi_1",
                organization,
                "s_v1",
                "hash",
                "s_v1_beef",
                state,
                VerificationMode.VERIFY,
                null,
                revision,
                published,
                1,
                built(table),
                table == Table.DROPPED,
                table == Table.WITHOUT_TOMBSTONES ? Deletion.HARD : Deletion.TOMBSTONE,
                false,
                Optional.empty(),
                false,
                null,
                null);
    }
}
