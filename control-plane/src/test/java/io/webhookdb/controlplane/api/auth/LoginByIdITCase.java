package io.webhookdb.controlplane.api.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.controlplane.SharedControlPlane;
import io.webhookdb.controlplane.TestingClient;
import io.webhookdb.controlplane.TestingClient.Answer;
import io.webhookdb.controlplane.TestingSystem;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedControlPlane.class)
class LoginByIdITCase {
    private final TestingSystem system;

    LoginByIdITCase(TestingSystem system) {
        this.system = system;
    }

    @Test
    void endsALoginWithTheCodeThatWasMailed() throws SQLException {
        String path = "/v1/auth/login_otp/" + idOf("byid@example.org");
        TestingClient client = system.client();
        client.post("/v1/auth", Map.of("email", "byid@example.org"));

        Answer done = client.post(path, Map.of("value", system.code("byid@example.org") + "\n"));

        assertThat(done.step().path("complete").asBoolean()).isTrue();
        client.adoptSession(done);
        assertThat(client.get("/v1/me").body().path("email").asText())
                .isEqualTo("byid@example.org");
        assertThat(client.post(path, Map.of()).code()).isEqualTo("validation_error");
    }

    @Test
    void answersAWrongCodeAndAnUnknownIdAlike() throws SQLException {
        String path = "/v1/auth/login_otp/";
        String known = idOf("byid2@example.org");
        system.client().post("/v1/auth", Map.of("email", "byid2@example.org"));

        Answer wrong = system.client().post(path + known, Map.of("value", "x"));
        Answer unknown = system.client().post(path + "cus_999999", Map.of("value", "x"));

        assertThat(wrong.status()).isEqualTo(200);
        assertThat(wrong.step().path("error_code").asText()).isEqualTo("invalid_otp");
        assertThat(wrong.text().replace(known, "")).doesNotContain("byid2");
        assertThat(unknown.text().replace("cus_999999", known)).isEqualTo(wrong.text());
    }

    private String idOf(String email) throws SQLException {
        system.login(email);
        try (Connection connection = TestingSystem.connect(system.application());
                PreparedStatement query =
                        connection.prepareStatement("SELECT id FROM customers WHERE email = ?")) {
            query.setString(1, email);
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return "cus_" + row.getLong(1);
            }
        }
    }
}
