package io.webhookdb.controlplane.provisioner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.webhookdb.controlplane.provisioner.ReaderSettings.Lasting;
import java.util.List;
import org.junit.jupiter.api.Test;

class IsolationTest {
    @Test
    void isNamedByTheSettingsWords() {
        assertThat(Isolation.of("database+user")).isEqualTo(Isolation.DATABASE_USER);
        assertThat(Isolation.of("database+schema+user")).isEqualTo(Isolation.DATABASE_SCHEMA_USER);
        assertThat(Isolation.of("schema+user")).isEqualTo(Isolation.SCHEMA_USER);
        assertThatThrownBy(() -> Isolation.of("none"))
                .hasMessageContaining("\"none\"")
                .hasMessageContaining("schema+user");
    }

    @Test
    void givesEveryOrganizationNamesOfItsOwn() {
        for (Isolation isolation : Isolation.values()) {
            TenantNames one = TenantNames.random(isolation);
            TenantNames other = TenantNames.random(isolation);
            assertThat(one.owner()).isNotEqualTo(other.owner());
            assertThat(one.reader()).matches(TenantNames.READERS).isNotEqualTo(other.reader());
            assertThat(one.database() + one.schema())
                    .isNotEqualTo(other.database() + other.schema());
        }
    }

    @Test
    void repairsOnlyWhatDiffers() {
        assertThat(new Lasting("r", null, TenantSql.READER_SETTINGS).repairs()).isEmpty();
        assertThat(new Lasting("r", null, List.of()).repairs()).hasSize(4);
        assertThat(new Lasting("r", "d", List.of("work_mem=1GB")).repairs())
                .containsExactly("ALTER ROLE \"r\" IN DATABASE \"d\" RESET ALL");
    }
}
