package io.webhookdb.jobs.replication;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.connectors.control.ControlDirectory;
import io.webhookdb.connectors.kafka.IncomingEvent;
import io.webhookdb.connectors.replica.SourcedRow;
import io.webhookdb.jobs.replication.EventTranslator.Dead;
import io.webhookdb.jobs.replication.EventTranslator.Deleted;
import io.webhookdb.jobs.replication.EventTranslator.Ignored;
import io.webhookdb.jobs.replication.EventTranslator.Rows;
import io.webhookdb.jobs.replication.EventTranslator.Translation;
import io.webhookdb.jobs.replication.EventTranslator.Unknown;
import io.webhookdb.schemas.control.ControlRecord.State;
import io.webhookdb.schemas.control.IntegrationControl;
import io.webhookdb.schemas.control.OrganizationControl;
import io.webhookdb.schemas.event.Origin;
import org.junit.jupiter.api.Test;

class EventTranslatorTest {
    private static final String CUSTOMER =
            TestingSystem.customerBody("cus_1", 1_700_000_000, "a@b.c", "customer.updated");

    private final ControlDirectory control = new ControlDirectory();
    private final EventTranslator translator = new EventTranslator();

    @Test
    void turnsAnEventIntoRowsThatKnowWhereTheyCameFrom() {
        knowAll();
        Rows rows = (Rows) translate(event(1, CUSTOMER));
        assertThat(rows.rows()).hasSize(1);
        SourcedRow row = rows.rows().get(0);
        assertThat(row.update().key()).isEqualTo("cus_1");
        assertThat(row.update().organization()).isEqualTo(5);
        assertThat(row.update().epoch()).isEqualTo(9);
        assertThat(row.origin()).isEqualTo(Origin.WEBHOOK);
        assertThat(row.topic()).isEqualTo("topic");
        assertThat(row.partition()).isEqualTo(1);
        assertThat(row.offset()).isEqualTo(2);
    }

    @Test
    void saysWhatIsMissing() {
        assertThat(translate(event(1, CUSTOMER)))
                .isEqualTo(new Unknown("integration svi", "integration/svi"));
        control.apply(integration(1, State.ACTIVE));
        assertThat(translate(event(1, CUSTOMER)))
                .isEqualTo(new Unknown("organization 5", "organization/5"));
        control.apply(organization(1, State.ACTIVE));
        assertThat(translate(event(1, CUSTOMER)))
                .isEqualTo(
                        new Unknown(
                                "definition " + TestingSystem.CUSTOMERS.hash(),
                                "definition/" + TestingSystem.CUSTOMERS.hash()));
    }

    @Test
    void waitsForARevisionThatTheReceiverKnewAndWeDoNot() {
        knowAll();
        assertThat(translate(event(2, CUSTOMER)))
                .isEqualTo(new Unknown("revision 2 of integration svi", "integration/svi"));
        control.apply(integration(3, State.ACTIVE));
        assertThat(translate(event(2, CUSTOMER))).isInstanceOf(Rows.class);
    }

    @Test
    void hasNoRowsForWhatWasDeleted() {
        knowAll();
        control.apply(organization(2, State.DELETED));
        assertThat(translate(event(1, CUSTOMER))).isInstanceOf(Deleted.class);
        control.apply(integration(2, State.DELETED));
        assertThat(translate(event(9, CUSTOMER))).isInstanceOf(Deleted.class);
    }

    @Test
    void ignoresEventsOfOtherKinds() {
        knowAll();
        assertThat(
                        translate(
                                event(
                                        1,
                                        "{\"object\":\"event\",\"data\":{\"object\":{\"id\":\"p\",\"object\":\"plan\"}}}")))
                .isInstanceOf(Ignored.class);
    }

    @Test
    void makesADeadLetterOfWhatCanNeverBecomeARow() {
        knowAll();
        Dead dead = (Dead) translate(event(1, "no json"));
        assertThat(new String(dead.letter().value(), UTF_8))
                .contains(
                        "\"topic\":\"topic\"",
                        "\"partition\":1",
                        "\"offset\":2",
                        "\"organization\":5",
                        "\"reason\":\"NOT_JSON\"");
        assertThat(new String(dead.letter().key(), UTF_8)).isEqualTo("svi");
    }

    @Test
    void makesADeadLetterOfARecordWithoutAnEvent() {
        Dead dead =
                (Dead)
                        translator.translate(
                                new IncomingEvent(null, "topic", 1, 2, "what is wrong"), control);
        assertThat(new String(dead.letter().value(), UTF_8))
                .contains("\"reason\":\"MALFORMED_RECORD\"", "what is wrong");
    }

    private Translation translate(IncomingEvent event) {
        return translator.translate(event, control);
    }

    private void knowAll() {
        control.apply(integration(1, State.ACTIVE));
        control.apply(organization(1, State.ACTIVE));
        control.apply(TestingRecords.definition());
    }

    private static IntegrationControl integration(long revision, State state) {
        return TestingRecords.integration("svi", revision, state);
    }

    private static OrganizationControl organization(long revision, State state) {
        return TestingRecords.organization(revision, state);
    }

    private static IncomingEvent event(long revision, String body) {
        return TestingRecords.event("svi", revision, body);
    }
}
