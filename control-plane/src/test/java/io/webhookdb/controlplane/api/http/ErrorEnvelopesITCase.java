package io.webhookdb.controlplane.api.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchException;

import com.zaxxer.hikari.HikariDataSource;
import io.webhookdb.controlplane.api.http.ErrorEnvelopes.Envelope;
import io.webhookdb.embedded.EmbeddedPostgresServer;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;

/** With a database that is really there, and then is not. */
class ErrorEnvelopesITCase {
    private final ErrorEnvelopes envelopes = new ErrorEnvelopes();

    @Test
    void tellsADatabaseThatIsAwayFromAnErrorOfOurs() {
        EmbeddedPostgresServer server =
                EmbeddedPostgresServer.start(EmbeddedPostgresServer.Settings.temporary());
        try (HikariDataSource pool = new HikariDataSource()) {
            pool.setJdbcUrl(server.jdbcUrl("postgres"));
            pool.setUsername(server.superuser());
            pool.setPassword(server.password());
            pool.setMaximumPoolSize(1);
            pool.setConnectionTimeout(1_000);
            Jdbi jdbi = Jdbi.create(pool);
            Answer ours = envelopes.of(catchException(() -> query(jdbi, "SELECT missing")));
            assertThat(ours.status()).isEqualTo(500);
            assertThat(ours.headers()).isEmpty();
            server.close();
            // The first finds its connection broken, the second gets none.
            for (int i = 0; i < 2; i++) {
                Answer away = envelopes.of(catchException(() -> query(jdbi, "SELECT 1")));
                assertThat(away.status()).isEqualTo(503);
                assertThat(away.headers()).containsEntry("Retry-After", "5");
                assertThat(((Envelope) away.body()).error())
                        .satisfies(
                                error -> {
                                    assertThat(error.status()).isEqualTo(503);
                                    assertThat(error.code()).isEqualTo("api_error");
                                    assertThat(error.message())
                                            .contains("does not answer")
                                            .contains(error.errorId());
                                });
            }
        } finally {
            server.close();
        }
    }

    private static int query(Jdbi jdbi, String sql) {
        return jdbi.withHandle(handle -> handle.createQuery(sql).mapTo(Integer.class).one());
    }
}
