package io.webhookdb.controlplane.provisioner;

import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.controlplane.provisioner.MigrationFailure.OfTarget;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MigrationFailureTest {
    @ParameterizedTest
    @ValueSource(strings = {"28P01", "42501", "3D000", "25006", "42P07", "23505", "22P05"})
    void isForPeopleWhereTheNewDatabaseIsNotAsItHasToBe(String state) {
        assertThat(MigrationFailure.of(new OfTarget(new SQLException("no", state))))
                .isEqualTo(MigrationFailure.CONFIGURATION);
    }

    @ParameterizedTest
    @ValueSource(strings = {"08006", "57P01", "53300", "40P01", "55P03", ""})
    void passesByItselfWhereTheNewDatabaseIsAway(String state) {
        assertThat(MigrationFailure.of(new OfTarget(new SQLException("no", state))))
                .isEqualTo(MigrationFailure.TRANSIENT);
    }

    @Test
    void isNeverTheFaultOfTheMoveWhereThePresentDatabaseRefuses() {
        SQLException refused = new SQLException("no such table with secret", "42P01");

        assertThat(MigrationFailure.of(refused)).isEqualTo(MigrationFailure.TRANSIENT);
        assertThat(MigrationFailure.words(refused))
                .isEqualTo("The present database: SQL state 42P01.");
    }
}
