package io.webhookdb.controlplane.api.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.controlplane.api.http.Paths;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NeededScopeTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/auth",
                "/v1/auth/logout",
                "/v1/me",
                "/v1/organizations/create",
                "/v1/organizations/join",
                Paths.ONE_ORGANIZATION + "/invite",
                Paths.ONE_ORGANIZATION + "/remove_member",
                Paths.ONE_ORGANIZATION + "/change_roles",
                Paths.ONE_ORGANIZATION + "/close",
                Paths.ONE_ORGANIZATION + "/update",
                Paths.ONE_ORGANIZATION + "/api_tokens",
                Paths.ONE_ORGANIZATION + "/api_tokens/{id}/revoke",
                Paths.ONE_ORGANIZATION + "/audit_log"
            })
    void keepsForPeopleWhatIsAboutPeople(String route) {
        assertThat(NeededScope.of("POST", route)).isEmpty();
        assertThat(NeededScope.of("GET", route)).isEmpty();
    }

    @Test
    void letsReadersReadButNotTakeCredentials() {
        assertThat(NeededScope.of("GET", Paths.INTEGRATIONS)).contains(TokenScope.READ);
        assertThat(NeededScope.of("POST", Paths.DATABASE + "/sql")).contains(TokenScope.READ);
        assertThat(NeededScope.of("GET", Paths.DATABASE + "/connection"))
                .contains(TokenScope.WRITE);
        assertThat(NeededScope.of("POST", Paths.DATABASE + "/roll_credentials"))
                .contains(TokenScope.WRITE);
    }

    @Test
    void asksMostForWhatComesIn() {
        assertThat(NeededScope.of("POST", Paths.INTEGRATIONS + "/create"))
                .contains(TokenScope.INGEST_ADMIN);
        assertThat(NeededScope.of("POST", Paths.ONE_INTEGRATION + "/transition/{field}"))
                .contains(TokenScope.INGEST_ADMIN);
        assertThat(NeededScope.of("POST", Paths.ONE_ORGANIZATION + "/replay"))
                .contains(TokenScope.INGEST_ADMIN);
    }

    @Test
    void asksForWriteWhereItKnowsNothingOfAPost() {
        assertThat(NeededScope.of("POST", Paths.ONE_ORGANIZATION + "/tomorrow"))
                .contains(TokenScope.WRITE);
    }

    @Test
    void coversWhatIsLess() {
        assertThat(TokenScope.INGEST_ADMIN.covers(TokenScope.READ)).isTrue();
        assertThat(TokenScope.READ.covers(TokenScope.WRITE)).isFalse();
        assertThat(TokenScope.of("ingest-admin")).contains(TokenScope.INGEST_ADMIN);
    }
}
