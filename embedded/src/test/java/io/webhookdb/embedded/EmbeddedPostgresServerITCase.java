package io.webhookdb.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class EmbeddedPostgresServerITCase {
    @TempDir static Path all;

    private Path directory;

    /** Unpacking takes seconds, so the tests' servers share what was unpacked once. */
    @BeforeEach
    void shareBinaries() throws IOException {
        Path binaries = PostgresBinaries.unpackInto(all);
        directory = Files.createTempDirectory(all, "server-");
        Path own = directory.resolve("binaries");
        PrivateFiles.createDirectory(own);
        Files.createSymbolicLink(own.resolve(binaries.getFileName()), binaries);
    }

    @Test
    void runsBinariesOfItsOwnBesideItsData() throws SQLException {
        Path own = directory.resolve("own");
        try (EmbeddedPostgresServer server =
                EmbeddedPostgresServer.start(EmbeddedPostgresServer.Settings.in(own))) {
            assertThat(query(server, "select setting from pg_config where name = 'BINDIR'"))
                    .startsWith(own.resolve("binaries").toString());
        }
    }

    @Test
    void keepsRowsOverStopStartAndRestartOnTheSamePort() throws SQLException {
        try (EmbeddedPostgresServer server =
                EmbeddedPostgresServer.start(EmbeddedPostgresServer.Settings.temporary())) {
            int port = server.port();
            execute(server, "create table kept as select 1 as n");

            server.stop();
            assertThatThrownBy(() -> count(server)).hasMessageContaining("refused");
            server.start();
            assertThat(count(server)).isEqualTo(1);

            execute(server, "insert into kept values (2)");
            server.restart();
            assertThat(count(server)).isEqualTo(2);
            assertThat(server.port()).isEqualTo(port);
        }
    }

    @Test
    void keepsRowsAndPasswordOverCloseAndANewStartOnAnotherPort() throws SQLException {
        String password;
        try (EmbeddedPostgresServer server = start()) {
            password = server.password();
            execute(server, "create table kept as select 1 as n");
        }
        try (EmbeddedPostgresServer server = start()) {
            assertThat(count(server)).isEqualTo(1);
            assertThat(server.password()).isEqualTo(password);
        }
    }

    @Test
    void refusesAWrongPasswordAndNoPasswordAtTheFirstAndLaterStarts() throws SQLException {
        for (int start = 1; start <= 2; start++) {
            try (EmbeddedPostgresServer server = start()) {
                assertThatThrownBy(() -> connect(server, "wrong"))
                        .isInstanceOfSatisfying(
                                SQLException.class,
                                e -> assertThat(e.getSQLState()).isEqualTo("28P01"));
                assertThatThrownBy(() -> connect(server, ""))
                        .hasMessageContaining("requested SCRAM-based authentication");
                assertThat(
                                query(
                                        server,
                                        "select string_agg(distinct auth_method, ',') from"
                                                + " pg_hba_file_rules"))
                        .isEqualTo("scram-sha-256");
            }
        }
    }

    @Test
    void hidesThePasswordFileFromOtherUsers() throws IOException {
        try (EmbeddedPostgresServer server = start()) {
            Path file = directory.resolve("password");
            assertThat(Files.readString(file)).isEqualTo(server.password()).hasSize(43);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
            assertThat(server.superuserUrl())
                    .isEqualTo(
                            "postgres://postgres:%s@127.0.0.1:%d/postgres"
                                    .formatted(server.password(), server.port()));
        }
    }

    @Test
    void runsWithoutTradingDurabilityForSpeed() throws SQLException {
        try (EmbeddedPostgresServer server = start()) {
            for (String setting :
                    new String[] {"fsync", "synchronous_commit", "full_page_writes"}) {
                assertThat(query(server, "show " + setting)).as(setting).isEqualTo("on");
            }
            assertThat(query(server, "show listen_addresses")).isEqualTo("127.0.0.1");
            assertThat(query(server, "show server_encoding")).isEqualTo("UTF8");
        }
    }

    @Test
    void waitsForNoDiskIfItsDataIsRemovedAtClose() throws SQLException {
        try (EmbeddedPostgresServer server =
                EmbeddedPostgresServer.start(EmbeddedPostgresServer.Settings.temporary())) {
            assertThat(query(server, "show fsync")).isEqualTo("off");
            assertThat(query(server, "show synchronous_commit")).isEqualTo("on");
            assertThat(query(server, "show full_page_writes")).isEqualTo("on");
        }
    }

    @Test
    void replacesTheServerThatAKilledJvmLeftRunning() throws Exception {
        int port = FreePort.find();
        String postmaster;
        try (TestingJvm jvm =
                TestingJvm.startUntilReady(
                        ServerOfItsOwn.class, directory.toString(), Integer.toString(port))) {
            postmaster = Files.readAllLines(directory.resolve("data/postmaster.pid")).get(0);
            jvm.kill();
        }
        assertThat(works(postmaster)).isTrue();

        try (EmbeddedPostgresServer server =
                EmbeddedPostgresServer.start(
                        EmbeddedPostgresServer.Settings.in(directory).withPort(port))) {
            assertThat(works(postmaster)).isFalse();
            assertThat(count(server)).isEqualTo(1);
        }
    }

    @Test
    void recoversWhenJvmAndServerWereKilledTogether() throws Exception {
        try (TestingJvm jvm =
                TestingJvm.startUntilReady(ServerOfItsOwn.class, directory.toString(), "0")) {
            String postmaster = Files.readAllLines(directory.resolve("data/postmaster.pid")).get(0);
            ProcessHandle server = ProcessHandle.of(Long.parseLong(postmaster)).orElseThrow();
            jvm.kill();
            server.destroyForcibly();
            await().until(() -> !works(postmaster));
        }
        assertThat(directory.resolve("data/postmaster.pid")).exists();

        try (EmbeddedPostgresServer server = start()) {
            assertThat(count(server)).isEqualTo(1);
        }
    }

    @Test
    void recoversFromAKillOfTheServerAlone() throws SQLException {
        try (EmbeddedPostgresServer server =
                EmbeddedPostgresServer.start(EmbeddedPostgresServer.Settings.temporary())) {
            execute(server, "create table kept as select 1 as n");
            server.kill();
            assertThatThrownBy(() -> count(server)).hasMessageContaining("refused");
            server.start();
            assertThat(count(server)).isEqualTo(1);
        }
    }

    @Test
    void startsAlthoughTheStalePidFileNamesALivingStranger() throws Exception {
        start().close();
        Path pidFile = directory.resolve("data/postmaster.pid");
        Files.writeString(
                pidFile,
                "%d\n%s\n0\n5432\n\n127.0.0.1\n\nready   \n"
                        .formatted(
                                ProcessHandle.current().parent().orElseThrow().pid(),
                                directory.resolve("data")));

        try (EmbeddedPostgresServer server = start()) {
            assertThat(query(server, "select 1")).isEqualTo("1");
        }
    }

    @Test
    void leavesTheServerOfALivingJvmAlone() throws Exception {
        try (EmbeddedPostgresServer server = start()) {
            assertThatThrownBy(this::start)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining(directory.toString())
                    .hasMessageContaining("in use");
            assertThat(query(server, "select 1")).isEqualTo("1");
        }
    }

    @Test
    void saysWhyItDidNotStart() {
        try (EmbeddedPostgresServer other =
                EmbeddedPostgresServer.start(EmbeddedPostgresServer.Settings.temporary())) {
            EmbeddedPostgresServer.Settings samePort =
                    EmbeddedPostgresServer.Settings.in(directory).withPort(other.port());
            assertThatThrownBy(() -> EmbeddedPostgresServer.start(samePort))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("Address already in use")
                    .hasMessageContaining(Integer.toString(other.port()));
        }
    }

    @Test
    void endsOpenSessionsAndRemovesATemporaryDirectoryAtClose() throws Exception {
        EmbeddedPostgresServer.Settings settings = EmbeddedPostgresServer.Settings.temporary();
        EmbeddedPostgresServer server = EmbeddedPostgresServer.start(settings);
        try (Connection open = connect(server, server.password())) {
            open.setAutoCommit(false);
            assertThat(open.createStatement().execute("select 1")).isTrue();
            long before = System.nanoTime();
            server.close();
            assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - before)).isLessThan(15);
        }
        assertThat(settings.directory()).doesNotExist();
        assertThatThrownBy(server::start).hasMessageContaining("was closed");
    }

    /** Not ProcessHandle.isAlive: in a container nobody may reap what has ended. */
    private static boolean works(String pid) {
        return Files.exists(Path.of("/proc", pid, "cwd"));
    }

    private EmbeddedPostgresServer start() {
        return EmbeddedPostgresServer.start(EmbeddedPostgresServer.Settings.in(directory));
    }

    private static Connection connect(EmbeddedPostgresServer server, String password)
            throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", server.superuser());
        properties.setProperty("password", password);
        return DriverManager.getConnection(server.jdbcUrl("postgres"), properties);
    }

    private static void execute(EmbeddedPostgresServer server, String sql) throws SQLException {
        try (Connection connection = connect(server, server.password());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String query(EmbeddedPostgresServer server, String sql) throws SQLException {
        try (Connection connection = connect(server, server.password());
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private static int count(EmbeddedPostgresServer server) throws SQLException {
        return Integer.parseInt(query(server, "select count(*) from kept"));
    }

    /** Starts a server, commits one row, says "ready" and waits to be killed. */
    static final class ServerOfItsOwn {
        private ServerOfItsOwn() {}

        public static void main(String[] arguments) throws Exception {
            EmbeddedPostgresServer server =
                    EmbeddedPostgresServer.start(
                            EmbeddedPostgresServer.Settings.in(Path.of(arguments[0]))
                                    .withPort(Integer.parseInt(arguments[1])));
            execute(server, "create table kept as select 1 as n");
            System.out.println("ready");
            Thread.currentThread().join();
        }
    }
}
