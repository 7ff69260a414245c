package io.webhookdb.controlplane.api.onward;

import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.controlplane.SharedControlPlane;
import io.webhookdb.controlplane.TestingClient.Answer;
import io.webhookdb.controlplane.TestingControlTopic;
import io.webhookdb.controlplane.TestingSystem;
import io.webhookdb.controlplane.TestingTenant;
import io.webhookdb.schemas.control.ControlRecord.State;
import io.webhookdb.schemas.control.ErrorHandlerControl;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedControlPlane.class)
class ErrorHandlerITCase {
    private final TestingSystem system;

    ErrorHandlerITCase(TestingSystem system) {
        this.system = system;
    }

    @Test
    void keepsTheKeyInItsUrlToItself() {
        TestingTenant tenant = TestingTenant.of(system, "errors@example.org", "stripe_customer_v1");
        String path = "/v1/organizations/" + tenant.organization() + "/error_handlers";
        Answer asked = tenant.client().post(path + "/create", Map.of());
        assertThat(asked.header("Whdb-Prompt")).isEqualTo("url");
        String url = "sentry://k3y@1.1.1.1/42?level=error&token=t0ken";
        Answer created = tenant.client().reply(asked, url);

        assertThat(created.status()).as(created.text()).isEqualTo(200);
        String id = created.body().path("id").asText();
        assertThat(id).startsWith("oeh_");
        assertThat(created.body().path("url").asText())
                .isEqualTo("sentry://***@1.1.1.1/42?level=error&token=***");
        ErrorHandlerControl record = newest(id);
        assertThat(
                        system.keysets()
                                .connectionsOpener()
                                .open(record.urlCiphertext(), ErrorHandlerControl.urlContext(id)))
                .isEqualTo(url);
        assertThat(tenant.client().get(path).body().at("/items/0/id").asText()).isEqualTo(id);
        assertThat(tenant.client().get(path + "/" + id).body().path("id").asText()).isEqualTo(id);

        assertThat(tenant.client().post(path + "/" + id + "/delete", Map.of()).status())
                .isEqualTo(200);
        assertThat(newest(id).state()).isEqualTo(State.DELETED);
        assertThat(newest(id).revision()).isEqualTo(2);
        assertThat(newest(id).urlCiphertext()).isNull();
        assertThat(tenant.client().get(path + "/" + id).status()).isEqualTo(403);
        assertThat(tenant.client().post(path + "/" + id + "/delete").status()).isEqualTo(403);
        for (String wrong :
                new String[] {
                    "ftp://1.1.1.1/", "nowhere", "https://10.0.0.1/", "http://1.1.1.1/"
                }) {
            Answer refused = tenant.client().post(path + "/create", Map.of("url", wrong));
            assertThat(refused.status()).as(wrong).isEqualTo(400);
            assertThat(refused.body().at("/error/field_errors/url").isArray()).isTrue();
        }
    }

    private ErrorHandlerControl newest(String id) {
        return (ErrorHandlerControl)
                TestingControlTopic.newest(system.bootstrap(), "error_handler/" + id).orElseThrow();
    }
}
