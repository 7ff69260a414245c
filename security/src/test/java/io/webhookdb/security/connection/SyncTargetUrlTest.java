package io.webhookdb.security.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.webhookdb.schemas.control.SyncTargetControl.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SyncTargetUrlTest {
    @ParameterizedTest
    @CsvSource({
        "postgres://u:s3cret@db.example:5433/d?sslmode=require, POSTGRES,"
                + " postgres://***:***@db.example:5433/d?sslmode=require",
        "postgresql://u:s3cret@db.example/d, POSTGRES, postgres://***:***@db.example:5432/d",
        "redshift://u:s3cret@r.example/d, REDSHIFT, redshift://***:***@r.example:5439/d",
        "redshift://u:s3cret@r.example:5432/d, REDSHIFT, redshift://***:***@r.example:5432/d",
        "snowflake://u:s3cret@acme-eu1/D/S?warehouse=w, SNOWFLAKE,"
                + " snowflake://***:***@acme-eu1.snowflakecomputing.com/D/S?warehouse=w",
        "snowflake://u:s3cret@my_org-my_name/D, SNOWFLAKE,"
                + " snowflake://***:***@my_org-my_name.snowflakecomputing.com/D",
        "'kafka://u:s3cret@k1.example:9093,k2.example/shop?mechanism=scram-sha-512', KAFKA,"
                + " 'kafka://***:***@k1.example:9093,k2.example:9092/shop?mechanism=scram-sha-512"
                + "&security=sasl_ssl'",
        "sqs://u:s3cret@eu-west-1/123456789012/rows.fifo?endpoint=https%3A%2F%2Fq.example:4566,"
                + " SQS, sqs://***:***@eu-west-1/123456789012/rows.fifo"
                + "?endpoint=https%3A%2F%2Fq.example%3A4566"
    })
    void knowsADatabaseByItsSchemeAndHidesItsCredentials(String url, Kind kind, String shown) {
        SyncTargetUrl parsed = SyncTargetUrl.parseDatabase(url);
        assertThat(parsed.kind()).isEqualTo(kind);
        assertThat(parsed.shown()).isEqualTo(shown);
        assertThat(SyncTargetUrl.parseDatabase(parsed.url())).isEqualTo(parsed);
        assertThat(SyncTargetUrl.parseDatabase(shown).with("u", "s3cret")).isEqualTo(parsed);
        assertThat(parsed.toString()).doesNotContain("s3cret");
    }

    /** An account's name may have underscores, which no certificate is for. */
    @Test
    void dialsAnAccountByTheNameWithHyphens() {
        SyncTargetUrl parsed = SyncTargetUrl.parseDatabase("snowflake://u:p@my_org-my_name/D");
        assertThat(parsed.host()).isEqualTo("my-org-my-name.snowflakecomputing.com");
    }

    @Test
    void takesHttpCredentialsOutOfTheTarget() {
        SyncTargetUrl parsed =
                SyncTargetUrl.parseHttp("https://a%40b:p%2F+w@Example.org:8443/in?x=1");
        HttpSyncUrl endpoint = ((SyncTargetUrl.Http) parsed).endpoint();
        assertThat(endpoint.user()).isEqualTo("a@b");
        assertThat(endpoint.password()).isEqualTo("p/+w");
        assertThat(endpoint.target()).hasToString("https://Example.org:8443/in?x=1");
        assertThat(parsed.shown()).isEqualTo("https://***:***@Example.org:8443/in?x=1");
        assertThat(SyncTargetUrl.parseHttp(parsed.url())).isEqualTo(parsed);
        assertThat(SyncTargetUrl.parseHttp(parsed.shown()).with("a@b", "p/+w")).isEqualTo(parsed);
        assertThat(parsed.toString()).doesNotContain("p/+w");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mysql://u:s3cret@h/d",
                "https://u:s3cret@h/d",
                "jdbc:postgresql://h/d",
                "s3cret",
                "",
                "postgres://u:s3cret@h",
                "postgres://u:s3cret@h/d?socketFactory=x",
                "redshift://u:s3cret@h",
                "snowflake://u:s3cret@h",
                "snowflake://u:s3cret@h:443/d",
                "snowflake://u:s3cret@h/d?authenticator=x",
                "snowflake://u:s3cret@/d",
                "kafka://u:s3cret@",
                "kafka://u:s3cret@h:0/p",
                "kafka://u:s3cret@h/p/q",
                "kafka://u:s3cret@h?security=ssl",
                "kafka://u:s3cret@h?mechanism=gssapi",
                "kafka://u:s3cret@h?sasl.jaas.config=x",
                "kafka://h?security=sasl_ssl",
                "sqs://u@eu-west-1/123456789012/q",
                "sqs://u:s3cret@nowhere/123456789012/q",
                "sqs://u:s3cret@eu-west-1/123456789012/q.fifo.x",
                "sqs://u:s3cret@eu-west-1/123456789012/q?endpoint=file:///etc",
                "sqs://u:s3cret@eu-west-1/123456789012/q?endpoint=http://a:s3cret@h",
                "sqs://u:s3cret@eu-west-1/123456789012/q?credentials=x"
            })
    void refusesWhatIsNoDatabaseWithoutQuotingIt(String url) {
        assertThatThrownBy(() -> SyncTargetUrl.parseDatabase(url))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("s3cret")
                .hasNoCause();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://example.org/",
                "ftp://u:s3cret@h/",
                "https://u:s3cret@/",
                "https:u:s3cret",
                "https://u:s3 cret@h/",
                "https://u:s3cret@h:99999/",
                "postgres://u:s3cret@h/d",
                ""
            })
    void refusesWhatIsNoHttpTargetWithoutQuotingIt(String url) {
        assertThatThrownBy(() -> SyncTargetUrl.parseHttp(url))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("s3cret")
                .hasNoCause();
    }
}
