package io.webhookdb.controlplane.api.services;

import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.schemas.catalog.OwnDefinition;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FixtureTrialTest {
    private static final ServiceDefinition ORDERS =
            OwnDefinition.read(
                    """
                    service: acme_order_v1
                    key: {column: acme_id, type: text, pointer: /id}
                    columns:
                    - {name: total, type: numeric, pointer: /total}
                    - {name: note, type: text, pointer: /note, presence: optional}
                    accept:
                    - {header: X-Kind, equals: [order], absent: passes}
                    keep-headers: [X-Kind]
                    """);

    private static List<String> problems(String fixture) {
        return FixtureTrial.run(ORDERS, Map.of("one.json", fixture)).problems().stream()
                .map(problem -> problem.path() + " " + problem.message())
                .toList();
    }

    @Test
    void takesABodyAloneOrWithTheRowsItIsToBecome() {
        assertThat(problems("{\"id\":7,\"total\":\"12.50\"}")).isEmpty();
        assertThat(
                        problems(
                                "{\"body\":{\"id\":7,\"total\":12.5},\"rows\":"
                                    + "[{\"acme_id\":\"7\",\"total\":\"12.5\",\"note\":null}]}"))
                .isEmpty();
        assertThat(FixtureTrial.run(ORDERS, Map.of("a", "{\"id\":7,\"total\":1}")).rows())
                .isEqualTo(1);
    }

    @Test
    void namesEachValueThatIsAnother() {
        assertThat(
                        problems(
                                "{\"body\":{\"id\":7,\"total\":12.5},\"rows\":"
                                        + "[{\"total\":13,\"note\":\"x\",\"colour\":1}]}"))
                .containsExactly(
                        "/rows/0/total expected 13, found 12.5.",
                        "/rows/0/note expected x, found null.",
                        "/rows/0/colour is no column. Allowed: [total, note].");
        assertThat(problems("{\"body\":{\"id\":7,\"total\":1},\"rows\":[]}"))
                .containsExactly("/rows expected are 0 rows, found 1.");
    }

    @Test
    void wantsToBeToldThatARequestBecomesNoRow() {
        String other = "{\"headers\":{\"X-Kind\":\"refund\"},\"body\":{\"id\":7,\"total\":1}";

        assertThat(problems(other + "}")).hasSize(1).first().asString().contains("\"rows\": []");
        assertThat(problems(other + ",\"rows\":[]}")).isEmpty();
    }

    @Test
    void tellsDeadLettersDriftAndWhatIsNoJson() {
        assertThat(problems("{\"total\":1}")).hasSize(1).first().asString().contains("dead letter");
        assertThat(problems("{\"id\":7,\"total\":\"a lot\"}"))
                .containsExactly("/body lacks, or has of another type: total.");
        assertThat(problems("{")).hasSize(1).first().asString().contains("is no JSON");
    }
}
