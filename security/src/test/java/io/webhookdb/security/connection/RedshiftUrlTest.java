package io.webhookdb.security.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.webhookdb.security.connection.PostgresUrl.SslMode;
import io.webhookdb.security.connection.RedshiftUrl.Staging;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedshiftUrlTest {
    private static final String WITH_BUCKET =
            "redshift://u:p%40ss@c.example/dev?s3=loads/raw/x&sslmode=verify-full"
                    + "&region=eu-west-1&s3_key=AKIA123&s3_secret=a%2Fb+c%3D"
                    + "&iam_role=arn:aws:iam::123456789012:role/load";

    @Test
    void readsBucketAndDatabase() {
        RedshiftUrl url = RedshiftUrl.parse(WITH_BUCKET);
        assertThat(url.database())
                .isEqualTo(
                        new PostgresUrl(
                                "c.example", 5439, "dev", "u", "p@ss", SslMode.VERIFY_FULL));
        assertThat(url.staging())
                .isEqualTo(
                        new Staging(
                                "loads",
                                "raw/x/",
                                "eu-west-1",
                                "AKIA123",
                                "a/b+c=",
                                "arn:aws:iam::123456789012:role/load"));
        assertThat(RedshiftUrl.parse(url.url())).isEqualTo(url);
        assertThat(url + " " + url.staging()).doesNotContain("a/b").doesNotContain("p@ss");
    }

    @Test
    void needsNoBucket() {
        assertThat(RedshiftUrl.parse("redshift://u:p@c.example:5439/dev").staging()).isNull();
    }

    @Test
    void hidesBothCredentialsAndTakesNewOnesOnlyWhereItKnowsTheOthers() {
        SyncTargetUrl url = SyncTargetUrl.parseDatabase(WITH_BUCKET);
        String shown = url.shown();
        assertThat(shown)
                .isEqualTo(
                        "redshift://***:***@c.example:5439/dev?sslmode=verify-full&s3=loads/raw/x/"
                                + "&region=eu-west-1&s3_key=***&s3_secret=***"
                                + "&iam_role=arn:aws:iam::123456789012:role/load");
        SyncTargetUrl masked = SyncTargetUrl.parseDatabase(shown);
        assertThat(masked.shown()).isEqualTo(shown);
        assertThatThrownBy(() -> masked.with("u", "new"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("s3_key and s3_secret");
        SyncTargetUrl.Redshift keyed =
                new SyncTargetUrl.Redshift(
                        RedshiftUrl.parse(shown).withBucketKey("AKIA2", "n3w/secret"));
        assertThat(keyed.with("v", "w").url())
                .startsWith("redshift://v:w@")
                .contains("s3_key=AKIA2", "s3_secret=n3w%2Fsecret", "iam_role=arn");
        assertThat(url.with("v", "w").url()).startsWith("redshift://v:w@").contains("a%2Fb%2Bc");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "?s3=loads",
                "?s3=loads&region=eu-west-1&s3_key=AKIA123",
                "?s3=lo.ads&region=eu-west-1&s3_key=AKIA123&s3_secret=s3cret",
                "?s3=loads/a'b&region=eu-west-1&s3_key=AKIA123&s3_secret=s3cret",
                "?s3=loads&region=example.org/&s3_key=AKIA123&s3_secret=s3cret",
                "?s3=loads&region=eu-west-1&s3_key=AKIA123&s3_secret=s3cret'",
                "?s3=loads&region=eu-west-1&s3_key=AKIA123&s3_secret=s3cret&iam_role=x'y",
                "?region=eu-west-1&s3_key=AKIA123&s3_secret=s3cret",
                "?socketFactory=x",
                "?ssl=true"
            })
    void refusesWhatIsIncompleteOrWouldReachFurther(String query) {
        assertThatThrownBy(() -> RedshiftUrl.parse("redshift://u:s3cret@c.example/dev" + query))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("s3cret")
                .hasNoCause();
    }
}
