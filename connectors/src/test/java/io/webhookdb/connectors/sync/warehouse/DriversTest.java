package io.webhookdb.connectors.sync.warehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.webhookdb.connectors.sync.SyncException;
import io.webhookdb.connectors.sync.SyncFailure;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Driver;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DriversTest {
    private static final Drivers.Vendor REDSHIFT =
            new Drivers.Vendor(
                    "redshift-jdbc42",
                    "com.amazon.redshift:redshift-jdbc42",
                    "com.amazon.redshift.");

    @TempDir Path folder;

    @Test
    void loadsAJarOfTheFolderApartFromOurClasses() throws Exception {
        Path onClassPath =
                Path.of(
                        com.amazon.redshift.Driver.class
                                .getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .toURI());
        Files.copy(onClassPath, folder.resolve("redshift-jdbc42-2.3.0.jar"));
        Driver driver = Drivers.in(folder).find(REDSHIFT);
        assertThat(driver).isNotInstanceOf(com.amazon.redshift.Driver.class);
        assertThat(driver.getClass().getName()).isEqualTo("com.amazon.redshift.Driver");
        assertThat(driver.acceptsURL("jdbc:redshift://host:5439/d")).isTrue();
        assertThat(Drivers.in(folder).find(REDSHIFT).getClass()).isSameAs(driver.getClass());
    }

    @Test
    void takesTheClassPathWhereTheFolderHasNone() throws Exception {
        assertThat(Drivers.in(folder.resolve("none")).find(REDSHIFT))
                .isInstanceOf(com.amazon.redshift.Driver.class);
    }

    @Test
    void saysWhichJarCannotBeLoaded() throws Exception {
        Path broken = folder.resolve("redshift-jdbc42-broken.jar");
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(broken))) {
            jar.putNextEntry(new ZipEntry("META-INF/services/java.sql.Driver"));
            jar.write("com.amazon.redshift.Missing".getBytes(StandardCharsets.UTF_8));
        }
        SyncException failure =
                catchThrowableOfType(SyncException.class, () -> Drivers.in(folder).find(REDSHIFT));
        assertThat(failure.failure()).isEqualTo(SyncFailure.CONFIGURATION);
        assertThat(failure).hasMessageContaining(broken.toString());
    }

    @Test
    void saysWhichJarBelongsWhere() {
        SyncException failure =
                catchThrowableOfType(
                        SyncException.class,
                        () ->
                                Drivers.in(folder)
                                        .find(
                                                new Drivers.Vendor(
                                                        "acme-jdbc",
                                                        "com.acme:acme-jdbc",
                                                        "com.acme.")));
        assertThat(failure.failure()).isEqualTo(SyncFailure.CONFIGURATION);
        assertThat(failure)
                .hasMessageContaining("acme-jdbc-VERSION.jar")
                .hasMessageContaining("com.acme:acme-jdbc")
                .hasMessageContaining(folder.toString())
                .hasMessageContaining("WEBHOOKDB_DRIVERS");
    }
}
