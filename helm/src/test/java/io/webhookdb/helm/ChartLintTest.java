package io.webhookdb.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import org.junit.jupiter.api.Test;

class ChartLintTest {
    @Test
    void lintHasNothingToSay() {
        LintResult result = new Helm(Chart.FOLDER).lint().quiet().call();
        // Values that must be given have no default, so a plain lint names exactly those.
        assertThat(result.getMessages())
                .noneMatch(message -> message.contains("[WARNING]"))
                .allMatch(
                        message ->
                                message.contains("is needed")
                                        || message.contains("kafka.bootstrap"));
    }
}
