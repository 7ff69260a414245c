package io.webhookdb.controlplane.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.controlplane.SharedControlPlane;
import io.webhookdb.controlplane.TestingSystem;
import io.webhookdb.controlplane.TestingTenant;
import io.webhookdb.controlplane.provisioner.status.TestingReports;
import io.webhookdb.schemas.Topics;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedControlPlane.class)
@Timeout(120)
class ListeningITCase {
    private final TestingSystem system;

    ListeningITCase(TestingSystem system) {
        this.system = system;
    }

    @Test
    void streamsTheOrganizationsChangesAndGoesOnWhereItWas() throws Exception {
        TestingTenant tenant = tenant("listen@example.org");
        TestingTenant other = tenant("overheard@example.org");
        String cursor;
        try (Stream<String> lines = tenant.client().lines(path(tenant))) {
            Iterator<String> events = lines.iterator();
            assertThat(next(events)).contains("event: ready");
            change(other, "theirs");
            change(tenant, "c1");
            List<String> event = next(events);
            assertThat(event.get(1)).isEqualTo("event: change");
            assertThat(event.get(2))
                    .contains("\"id\":\"c1\"", "\"external_id_column\":\"stripe_id\"")
                    .contains("\"type\":\"row.updated\"");
            cursor = event.get(0).substring("id: ".length());
        }
        change(tenant, "c2");
        try (Stream<String> lines =
                tenant.client().lines(path(tenant) + "?after=" + cursor)) {
            Iterator<String> events = lines.iterator();
            next(events);
            assertThat(next(events).get(2)).contains("\"id\":\"c2\"");
        }
    }

    @Test
    void isForMembersAndForAFewAtOnce() throws Exception {
        TestingTenant tenant = tenant("few@example.org");
        assertThat(system.client().get(path(tenant)).status()).isEqualTo(401);
        assertThat(tenant("stranger@example.org").client().get(path(tenant)).status())
                .isEqualTo(403);
        assertThat(tenant.client().get(path(tenant) + "?after=x").status()).isEqualTo(400);
        List<Stream<String>> open = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Stream<String> lines = tenant.client().lines(path(tenant));
            next(lines.iterator());
            open.add(lines);
        }

        assertThat(tenant.client().get(path(tenant)).status()).isEqualTo(429);
        open.forEach(Stream::close);
    }

    private static List<String> next(Iterator<String> lines) {
        List<String> event = new ArrayList<>();
        do {
            event.clear();
            for (String line = lines.next(); !line.isEmpty(); line = lines.next()) {
                event.add(line);
            }
        } while (event.contains("event: alive"));
        return event;
    }

    private void change(TestingTenant tenant, String id) {
        String json =
                """
                {"id":"%s","op":"update","organization":%d,"integration":"%s",
                 "service":"stripe_customer_v1","table":"t","remote_key":"cus_1","pk":1,
                 "version":"1","event_id":"e","committed_at":"2026-01-01T00:00:00Z",
                 "row":{"stripe_id":"cus_1"},"data":{},"truncated":false}
                """
                        .formatted(id, tenant.organization(), tenant.integration());
        TestingReports.raw(
                system.bootstrap(),
                Topics.CHANGES,
                tenant.organization() + "/" + tenant.integration() + "/cus_1",
                json.getBytes(UTF_8));
    }

    private TestingTenant tenant(String email) {
        return TestingTenant.of(system, email, "stripe_customer_v1");
    }

    private static String path(TestingTenant tenant) {
        return "/v1/organizations/" + tenant.organization() + "/changes";
    }
}
