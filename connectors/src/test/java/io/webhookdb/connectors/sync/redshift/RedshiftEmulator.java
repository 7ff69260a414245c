package io.webhookdb.connectors.sync.redshift;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.webhookdb.embedded.EmbeddedPostgresServer;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Lets the vendor's JDBC driver talk to a Postgres server: leaves out the start parameters that
 * only Redshift knows, and reads every statement on its way, see {@link RedshiftStatements}.
 *
 * <p>Shows that driver, statements in their order, files and transactions work together; shows
 * nothing about Redshift's own parser, types, privileges, cost and speed.
 */
public final class RedshiftEmulator implements AutoCloseable {
    public static final String DATABASE = "acme";
    public static final String USER = "loader";
    public static final String PASSWORD = "pass word";

    private static final int SSL_REQUEST = 80877103;
    private static final Set<String> KEPT =
            Set.of(
                    "user",
                    "database",
                    "client_encoding",
                    "DateStyle",
                    "TimeZone",
                    "extra_float_digits",
                    "application_name");

    private final EmbeddedPostgresServer postgres;
    private final ServerSocket server;
    private final RedshiftStatements statements;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private volatile String fatal;

    public RedshiftEmulator(EmbeddedPostgresServer postgres, TestingBucket bucket)
            throws IOException, SQLException {
        this.postgres = postgres;
        prepare();
        statements = new RedshiftStatements(bucket);
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        threads.execute(this::accept);
    }

    public int port() {
        return server.getLocalPort();
    }

    /** Statements nobody should have sent. */
    public Queue<String> refused() {
        return statements.refused();
    }

    /** The connection ends when the next statement with this beginning arrives on one. */
    public void disconnectBefore(String beginning) {
        fatal = beginning;
    }

    /** The driver knows no newer way of sending a password than MD5. */
    private void prepare() throws IOException, SQLException {
        Path rules;
        try (Connection connection = connect("postgres");
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + DATABASE);
            statement.execute("SET password_encryption = 'md5'");
            statement.execute("CREATE ROLE " + USER + " LOGIN PASSWORD '" + PASSWORD + "'");
            statement.execute("GRANT pg_read_server_files TO " + USER);
            statement.execute("GRANT CREATE ON DATABASE " + DATABASE + " TO " + USER);
            try (ResultSet result = statement.executeQuery("SHOW hba_file")) {
                result.next();
                rules = Path.of(result.getString(1));
            }
            Files.writeString(
                    rules, "host all " + USER + " 127.0.0.1/32 md5\n" + Files.readString(rules));
            statement.execute("SELECT pg_reload_conf()");
        }
        try (Connection connection = connect(DATABASE);
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "CREATE DOMAIN public.bytes_65535 AS text CHECK (octet_length(VALUE) <="
                            + " 65535)");
            statement.execute(
                    "CREATE FUNCTION public.json_parse(text) RETURNS jsonb LANGUAGE sql IMMUTABLE"
                            + " AS 'SELECT $1::jsonb'");
        }
    }

    /** To the server itself. */
    public Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(
                postgres.jdbcUrl(database), postgres.superuser(), postgres.password());
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                threads.execute(() -> serve(client));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        try (client;
                Socket upstream = new Socket(InetAddress.getLoopbackAddress(), postgres.port())) {
            DataInputStream in = new DataInputStream(client.getInputStream());
            DataOutputStream out = new DataOutputStream(upstream.getOutputStream());
            startup(in, out, client);
            threads.execute(() -> answers(upstream, client));
            while (true) {
                int type = in.read();
                if (type < 0) {
                    return;
                }
                byte[] body = in.readNBytes(in.readInt() - 4);
                byte[] sent = type == 'Q' || type == 'P' ? translated(type, body) : body;
                out.write(type);
                out.writeInt(sent.length + 4);
                out.write(sent);
                out.flush();
            }
        } catch (IOException e) {
            // Either side is gone.
            return;
        }
    }

    private static void answers(Socket upstream, Socket client) {
        try (client) {
            upstream.getInputStream().transferTo(client.getOutputStream());
        } catch (IOException e) {
            return;
        }
    }

    /** Length, protocol, then names and values, each ended by a zero, and one more zero. */
    private static void startup(DataInputStream in, DataOutputStream out, Socket client)
            throws IOException {
        int length = in.readInt();
        int protocol = in.readInt();
        if (protocol == SSL_REQUEST) {
            client.getOutputStream().write('N');
            length = in.readInt();
            protocol = in.readInt();
        }
        String[] words = new String(in.readNBytes(length - 8), UTF_8).split("\0", -1);
        Map<String, String> kept = new TreeMap<>();
        for (int i = 0; i + 1 < words.length; i += 2) {
            if (KEPT.contains(words[i])) {
                kept.put(words[i], words[i + 1]);
            }
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        kept.forEach(
                (name, value) -> body.writeBytes((name + "\0" + value + "\0").getBytes(UTF_8)));
        body.write(0);
        out.writeInt(body.size() + 8);
        out.writeInt(protocol);
        body.writeTo(out);
        out.flush();
    }

    /** Query: text. Parse: name, text, parameter types. */
    private byte[] translated(int type, byte[] body) throws IOException {
        int start = type == 'Q' ? 0 : end(body, 0) + 1;
        int end = end(body, start);
        String sql = new String(body, start, end - start, UTF_8);
        if (fatal != null && sql.startsWith(fatal)) {
            fatal = null;
            throw new IOException("Ended before " + sql);
        }
        byte[] text = statements.translated(sql.strip()).getBytes(UTF_8);
        ByteBuffer sent = ByteBuffer.allocate(start + text.length + body.length - end);
        sent.put(body, 0, start).put(text).put(body, end, body.length - end);
        return sent.array();
    }

    private static int end(byte[] body, int from) {
        int at = from;
        while (body[at] != 0) {
            at++;
        }
        return at;
    }

    @Override
    public void close() {
        try {
            server.close();
            threads.shutdownNow();
            statements.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
