package io.webhookdb.controlplane.api.organizations;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OrganizationKeyTest {
    @ParameterizedTest
    @CsvSource({
        "Acme, acme",
        "Acme -- Corp, acme_corp",
        "ada@example.org Org, ada_example_org_org",
        "5 Apples, five_apples",
        "42, four2",
        "_x, x",
        "!!!, org",
        "日本, org"
    })
    void isMadeOfTheName(String name, String key) {
        assertThat(OrganizationKey.of(name)).isEqualTo(key);
    }

    @Test
    void fitsIntoAnIdentifier() {
        String longName = "a".repeat(200);

        assertThat(OrganizationKey.of(longName)).hasSize(63);
        assertThat(OrganizationKey.of(longName, "beef")).hasSize(63).endsWith("_beef");
        assertThat(OrganizationKey.of("9".repeat(200))).matches("[a-z][a-z0-9_]{0,62}");
    }
}
