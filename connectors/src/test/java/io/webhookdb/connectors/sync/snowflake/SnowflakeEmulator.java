package io.webhookdb.connectors.sync.snowflake;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.webhookdb.embedded.EmbeddedPostgresServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.zip.GZIPInputStream;

/**
 * The part of Snowflake's HTTP interface that the vendor's JDBC driver uses for this target, in
 * front of a Postgres server. A session here is a session there, so transactions and temporary
 * tables are real. Statements that the target does not send, or that only Postgres would
 * understand, are refused: see {@link SnowflakeStatements}.
 *
 * <p>Shows that the driver, the statements in their order, the files and the merge work together;
 * shows nothing about Snowflake's own parser, types, privileges, cost and speed.
 */
public final class SnowflakeEmulator implements AutoCloseable {
    /** The only database. */
    public static final String DATABASE = "ACME";

    static final ObjectMapper JSON = new ObjectMapper();

    private final EmbeddedPostgresServer postgres;
    private final HttpServer server;
    private final String user;
    private final String password;
    private final Map<String, SnowflakeStatements> sessions = new ConcurrentHashMap<>();
    private final Set<String> logins = ConcurrentHashMap.newKeySet();
    private volatile PublicKey key;
    private volatile String autocommit = "true";
    private volatile String fatal;

    public SnowflakeEmulator(EmbeddedPostgresServer postgres, String user, String password)
            throws IOException {
        this.postgres = postgres;
        this.user = user;
        this.password = password;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/", this::answer);
        server.start();
    }

    public int port() {
        return server.getAddress().getPort();
    }

    /** Logins are then accepted with a token signed by this key's other half. */
    public void acceptKey(PublicKey publicKey) {
        key = publicKey;
    }

    /** As an account whose administrator turned it off. */
    public void turnAutocommitOff() {
        autocommit = "false";
    }

    /**
     * What clients asked for when they logged in: {@code warehouse=W}, {@code role=R} and so on.
     */
    public Set<String> logins() {
        return Set.copyOf(logins);
    }

    /** Ends all sessions, as the server does with idle ones. */
    public void endSessions() {
        sessions.values().forEach(SnowflakeStatements::close);
        sessions.clear();
    }

    /** All sessions end when the next statement with this beginning arrives. */
    public void endSessionsBefore(String beginning) {
        fatal = beginning;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            ObjectNode reply;
            try {
                reply = reply(exchange);
            } catch (SnowflakeError e) {
                reply = e.reply();
            } catch (SQLException | RuntimeException e) {
                reply = new SnowflakeError("000603", "XX000", e.toString()).reply();
            }
            byte[] body = reply.toString().getBytes(UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private ObjectNode reply(HttpExchange exchange) throws IOException, SQLException {
        JsonNode request = body(exchange);
        String path = exchange.getRequestURI().getPath();
        switch (path) {
            case "/session/v1/login-request":
                return login(exchange, request.path("data"));
            case "/queries/v1/query-request":
                String sql = request.path("sqlText").asText();
                if (fatal != null && sql.startsWith(fatal)) {
                    fatal = null;
                    endSessions();
                }
                return session(exchange).run(request);
            case "/session":
                SnowflakeStatements ended = sessions.remove(token(exchange));
                if (ended != null) {
                    ended.close();
                }
                return SnowflakeError.success();
            default:
                throw new SnowflakeError("000404", "42000", "The emulator has no " + path);
        }
    }

    private static JsonNode body(HttpExchange exchange) throws IOException {
        boolean zipped = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
        try (InputStream in =
                zipped
                        ? new GZIPInputStream(exchange.getRequestBody())
                        : exchange.getRequestBody()) {
            byte[] bytes = in.readAllBytes();
            return bytes.length == 0 ? JSON.createObjectNode() : JSON.readTree(bytes);
        }
    }

    private ObjectNode login(HttpExchange exchange, JsonNode data) throws SQLException {
        if (!isAccepted(data)) {
            throw new SnowflakeError("390100", "08001", "Incorrect username or password");
        }
        String query = exchange.getRequestURI().getQuery();
        logins.addAll(Set.of((query == null ? "" : query).split("&")));
        String token = UUID.randomUUID().toString();
        sessions.put(
                token,
                new SnowflakeStatements(
                        DriverManager.getConnection(
                                postgres.jdbcUrl(DATABASE),
                                postgres.superuser(),
                                postgres.password()),
                        autocommit));
        ObjectNode reply = SnowflakeError.success();
        ObjectNode session = reply.putObject("data");
        session.put("token", token).put("masterToken", UUID.randomUUID().toString());
        SnowflakeStatements.parameters(session, autocommit);
        return reply;
    }

    private boolean isAccepted(JsonNode data) {
        if (!data.path("LOGIN_NAME").asText().equalsIgnoreCase(user)) {
            return false;
        }
        return data.path("AUTHENTICATOR").asText().equalsIgnoreCase("snowflake_jwt")
                ? key != null && isSigned(data.path("TOKEN").asText())
                : data.path("PASSWORD").asText().equals(password);
    }

    private boolean isSigned(String token) {
        try {
            int end = token.lastIndexOf('.');
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initVerify(key);
            signature.update(token.substring(0, end).getBytes(UTF_8));
            String claims =
                    new String(
                            Base64.getUrlDecoder()
                                    .decode(token.substring(token.indexOf('.') + 1, end)),
                            UTF_8);
            return signature.verify(Base64.getUrlDecoder().decode(token.substring(end + 1)))
                    && JSON.readTree(claims).path("sub").asText().endsWith("." + user);
        } catch (GeneralSecurityException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private SnowflakeStatements session(HttpExchange exchange) {
        SnowflakeStatements session = sessions.get(token(exchange));
        if (session == null) {
            throw new SnowflakeError("390111", "08003", "Session no longer exists");
        }
        return session;
    }

    private static String token(HttpExchange exchange) {
        String header = exchange.getRequestHeaders().getFirst("Authorization");
        return header == null
                ? ""
                : header.replaceFirst("Snowflake Token=\"", "").replaceFirst("\"$", "");
    }

    @Override
    public void close() {
        endSessions();
        server.stop(0);
    }
}
