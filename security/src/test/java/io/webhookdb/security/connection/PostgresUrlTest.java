package io.webhookdb.security.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.webhookdb.security.connection.PostgresUrl.SslMode;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresUrlTest {
    @Test
    void decodesEveryPart() {
        assertThat(PostgresUrl.parse("postgres://a%40b:p%2Fw%3A%25@db.example:6543/my%20db"))
                .isEqualTo(new PostgresUrl("db.example", 6543, "my db", "a@b", "p/w:%"));
    }

    @Test
    void assumesTheStandardPort() {
        assertThat(PostgresUrl.parse("postgresql://u:p@localhost/d").port()).isEqualTo(5432);
    }

    @Test
    void writesWhatItReads() {
        PostgresUrl url =
                new PostgresUrl("::1", 5432, "d/b ü", "u:@", "p+%/?#&", SslMode.VERIFY_FULL);

        assertThat(PostgresUrl.parse(url.url())).isEqualTo(url);
        assertThat(url.url()).startsWith("postgres://").contains("@[::1]:5432/");
    }

    @Test
    void givesTheDriverNoCredentials() {
        PostgresUrl url = PostgresUrl.parse("postgres://user:secret@h:1/d?sslmode=require");

        assertThat(url.jdbcUrl()).isEqualTo("jdbc:postgresql://h:1/d?sslmode=require");
        assertThat(url.toString()).isEqualTo("postgres://h:1/d");
    }

    /** The driver's own way asks for a file in the home directory, which is nowhere. */
    @Test
    void checksCertificatesByTheAuthoritiesOfTheJvm() {
        String url = PostgresUrl.parse("postgres://u:p@h:1/d?sslmode=verify-full").jdbcUrl();

        assertThat(url)
                .isEqualTo(
                        "jdbc:postgresql://h:1/d?sslmode=verify-full"
                                + "&sslfactory=org.postgresql.ssl.DefaultJavaSSLFactory");
    }

    @Test
    void tellsTheDriverTheNameAndTheAddressToDial() throws UnknownHostException {
        PostgresUrl url = PostgresUrl.parse("postgres://u:p@h:1/d");

        assertThat(url.at(InetAddress.getByName("2001:db8::1")).jdbcUrl())
                .startsWith("jdbc:postgresql://h:1/d?socketFactory=")
                .endsWith("&socketFactoryArg=2001%3Adb8%3A0%3A0%3A0%3A0%3A0%3A1");
    }

    /** As hosts print them. */
    @Test
    void bindsTheLoginToTheConnectionWhereThatIsAsked() {
        PostgresUrl url =
                PostgresUrl.parse("postgresql://u:p@h/d?sslmode=require&channel_binding=require");

        assertThat(url.jdbcUrl())
                .isEqualTo("jdbc:postgresql://h:5432/d?sslmode=require&channelBinding=require");
        assertThat(PostgresUrl.parse(url.url())).isEqualTo(url);
        assertThat(PostgresUrl.parse(url.with("e", "v", "w").url()))
                .isEqualTo(url.with("e", "v", "w"));
    }

    @Test
    void keepsADatabaseNameFromBecomingDriverOptions() {
        PostgresUrl url = new PostgresUrl("h", 1, "d?socketFactory=x&a=b", "u", "p");

        assertThat(url.jdbcUrl()).doesNotContain("?").doesNotContain("&");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "http://secret@h/d",
                "jdbc:postgresql://h/d",
                "postgres://u:secret@h",
                "postgres://u:secret@h/",
                "postgres://u:secret@h:99999/d",
                "postgres://u:secret@h:0/d",
                "postgres://u:secret@a,b/d",
                "postgres://u:secret@h/d?socketFactory=x",
                "postgres://u:secret@h/d?sslmode=secret",
                "postgres://u:secret@h/d?sslrootcert=/secret",
                "postgres://u:secret@h/d?channel_binding=secret",
                "postgres://u:secret%zz@h/d",
                "postgres://u:secret%ff@h/d",
                "postgres://u:secret@h/d#f",
                "postgres://u:secret@-h/d"
            })
    void refusesWithoutQuoting(String url) {
        assertThatThrownBy(() -> PostgresUrl.parse(url))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("secret");
    }
}
