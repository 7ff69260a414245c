package io.webhookdb.controlplane.provisioner.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.controlplane.SharedControlPlane;
import io.webhookdb.controlplane.TestingSystem;
import io.webhookdb.schemas.control.ControlRecord;
import io.webhookdb.schemas.control.IntegrationControl;
import io.webhookdb.schemas.control.OrganizationControl;
import java.lang.reflect.RecordComponent;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A place nobody thought of would be lost with the key it is encrypted with. */
@ExtendWith(SharedControlPlane.class)
class CiphertextPlacesITCase {
    /** Records whose ciphertexts are copies of columns. */
    private static final Set<Class<?>> COPIES =
            Set.of(OrganizationControl.class, IntegrationControl.class);

    private final TestingSystem system;

    CiphertextPlacesITCase(TestingSystem system) {
        this.system = system;
    }

    @Test
    void areAllColumnsThatAreNamedAsSuch() throws SQLException {
        Set<String> columns = new TreeSet<>();
        try (Connection connection = TestingSystem.connect(system.application());
                Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                "SELECT table_name || '.' || column_name FROM"
                                    + " information_schema.columns WHERE table_schema = 'public'"
                                    + " AND (column_name LIKE '%\\_sealed' OR column_name LIKE"
                                    + " '%\\_encrypted' OR column_name LIKE '%cipher%')")) {
            while (row.next()) {
                columns.add(row.getString(1));
            }
        }

        Set<String> known =
                CiphertextPlaces.ALL.stream()
                        .filter(ColumnPlace.class::isInstance)
                        .map(ColumnPlace.class::cast)
                        .map(place -> place.table() + "." + place.column())
                        .collect(Collectors.toCollection(TreeSet::new));
        known.add("upserts.body_sealed");
        assertThat(known).containsExactlyElementsOf(columns);
    }

    @Test
    void areAllMembersOfControlRecordsThatAreNamedAsSuch() {
        Set<String> members =
                Stream.of(ControlRecord.class.getPermittedSubclasses())
                        .filter(type -> !COPIES.contains(type))
                        .flatMap(type -> ciphertexts(type, ""))
                        .collect(Collectors.toCollection(TreeSet::new));

        assertThat(members)
                .isEqualTo(
                        DocumentPlace.MEMBERS.values().stream()
                                .flatMap(kind -> kind.keySet().stream())
                                .collect(Collectors.toCollection(TreeSet::new)));
    }

    private static Stream<String> ciphertexts(Class<?> type, String path) {
        RecordComponent[] components = type.getRecordComponents();
        if (components == null) {
            return Stream.empty();
        }
        return Arrays.stream(components)
                .flatMap(
                        component -> {
                            String name = component.getName();
                            if (name.toLowerCase(java.util.Locale.ROOT).contains("cipher")) {
                                return Stream.of(path + "/" + name);
                            }
                            Class<?> inner = component.getType();
                            return inner.isRecord()
                                            && inner.getName()
                                                    .startsWith("io.webhookdb.schemas.control")
                                    ? ciphertexts(inner, path + "/" + name)
                                    : Stream.empty();
                        });
    }
}
