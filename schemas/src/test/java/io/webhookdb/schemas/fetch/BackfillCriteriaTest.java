package io.webhookdb.schemas.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.webhookdb.schemas.catalog.Catalog;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class BackfillCriteriaTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Catalog CATALOG = Catalog.load();

    private static ServiceDefinition service(String name) {
        return CATALOG.service(name).orElseThrow();
    }

    private static JsonNode json(String text) throws Exception {
        return JSON.readTree(text.replace('\'', '"'));
    }

    private static BackfillCriteria of(String service, String criteria) throws Exception {
        return BackfillCriteria.of(json(criteria), service(service));
    }

    @Test
    void readsDaysAndTimes() throws Exception {
        BackfillCriteria january =
                of(
                        "stripe_charge_v1",
                        "{'since':'2026-01-01','until':'2026-02-01T02:00:00+02:00'}");
        assertThat(january.since()).contains(Instant.parse("2026-01-01T00:00:00Z"));
        assertThat(january.until()).contains(Instant.parse("2026-02-01T00:00:00Z"));
        assertThat(january.isNone()).isFalse();
        assertThat(of("stripe_charge_v1", "{}").isNone()).isTrue();
        assertThat(BackfillCriteria.of(null, service("stripe_charge_v1")).isNone()).isTrue();
    }

    @Test
    void namesWhatAServiceCanBeRestrictedByWhenItIsAskedForSomethingElse() {
        assertThatThrownBy(() -> of("sponsy_placement_v1", "{'color':'red'}"))
                .hasMessage(
                        "cannot have \"color\": sponsy_placement_v1 can be restricted by"
                                + " parent_ids, publication_ids, publication_slugs, since, until");
        assertThatThrownBy(() -> of("stripe_charge_v1", "{'parent_ids':['a']}"))
                .hasMessageContaining("stripe_charge_v1 can be restricted by since, until");
        assertThatThrownBy(() -> of("github_deploy_key_v1", "{'color':'red'}"))
                .hasMessageContaining("github_deploy_key_v1 can");
        assertThatThrownBy(() -> of("convertkit_subscriber_v1", "{'until':'2026-01-01'}"))
                .hasMessageContaining("convertkit_subscriber_v1 can be restricted by since");
    }

    @Test
    void refusesValuesThatAreNone() {
        assertThatThrownBy(() -> of("stripe_charge_v1", "{'since':'yesterday'}"))
                .hasMessageContaining("has since \"yesterday\"")
                .hasMessageContaining("2026-01-31T10:00:00Z");
        assertThatThrownBy(() -> of("stripe_charge_v1", "{'since':17}"))
                .hasMessageContaining("has since \"17\"");
        assertThatThrownBy(
                        () -> of("stripe_charge_v1", "{'since':'2026-01-01','until':'2026-01-01'}"))
                .hasMessageContaining("since before until");
        assertThatThrownBy(() -> of("sponsy_slot_v1", "{'parent_ids':[]}"))
                .hasMessageContaining("has 0 values of parent_ids, expected 1 to 1000");
        assertThatThrownBy(() -> of("stripe_charge_v1", "'all'"))
                .hasMessageContaining("must be an object");
    }

    @Test
    void choosesRowsByAnyOfItsLists() throws Exception {
        ServiceDefinition slots = service("sponsy_slot_v1");
        BackfillCriteria some =
                of("sponsy_slot_v1", "{'publication_slugs':['weekly'],'parent_ids':['p2']}");
        assertThat(some.chooses(slots.backfill(), "p1", json("{'slug':'weekly'}"))).isTrue();
        assertThat(some.chooses(slots.backfill(), "p2", json("{'slug':'daily'}"))).isTrue();
        assertThat(some.chooses(slots.backfill(), "p3", json("{'slug':'daily'}"))).isFalse();
        assertThat(BackfillCriteria.NONE.chooses(slots.backfill(), "p3", json("{}"))).isTrue();
    }

    @Test
    void leavesDependentsTheTimesTheyCanDo() throws Exception {
        BackfillCriteria criteria =
                of("sponsy_slot_v1", "{'since':'2026-01-01','parent_ids':['p2']}");
        assertThat(criteria.forDependent(service("sponsy_placement_v1")).since()).isPresent();
        assertThat(criteria.forDependent(service("sponsy_placement_v1")).parents()).isEmpty();
        assertThat(criteria.forDependent(service("increase_app_v1")).isNone()).isTrue();
    }
}
