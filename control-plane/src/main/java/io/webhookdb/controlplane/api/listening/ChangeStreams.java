package io.webhookdb.controlplane.api.listening;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.webhookdb.controlplane.api.http.ApiException;
import io.webhookdb.controlplane.api.http.Paths;
import io.webhookdb.controlplane.api.http.Request;
import io.webhookdb.controlplane.api.http.Router;
import io.webhookdb.controlplane.api.integrations.IntegrationDirectory;
import io.webhookdb.controlplane.api.organizations.Access;
import io.webhookdb.controlplane.api.organizations.Organization;
import io.webhookdb.schemas.catalog.Catalog;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.change.NotificationBody;
import io.webhookdb.schemas.change.RowChange;
import io.webhookdb.schemas.change.RowChangeCodec;
import io.webhookdb.security.kafka.KafkaAccess;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * {@code /v1/organizations/{org}/changes}: server-sent events, one a change, whose data is what a
 * webhook would carry and whose id is where to go on ({@code after}). Bounded: each listener holds
 * one request thread and at most one fetch; one that does not read is cut off by the server's own
 * idle limit.
 */
public final class ChangeStreams implements AutoCloseable {
    private static final int MOST = 32;
    private static final int MOST_OF_ORGANIZATION = 4;
    private static final Duration LOOK = Duration.ofMillis(500);

    /** So that the connection is not taken for dead, and a dead one is noticed. */
    private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(5);

    /** Then the client comes again, maybe to another server, and maybe no longer a member. */
    private static final Duration LONGEST = Duration.ofMinutes(15);

    private final Optional<KafkaAccess> kafka;
    private final Catalog catalog;
    private final Map<Long, Integer> listeners = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /**
     * @param kafka where the log is; empty if this api has none, and cannot listen
     * @param catalog where a service's remote key is found
     */
    public ChangeStreams(Optional<KafkaAccess> kafka, Catalog catalog) {
        this.kafka = kafka;
        this.catalog = catalog;
    }

    /** Adds the route. */
    public void addTo(Router router, Access access, IntegrationDirectory integrations) {
        router.stream(
                Paths.ONE_ORGANIZATION + "/changes",
                "text/event-stream",
                request -> {
                    Organization organization = access.member(request).organization();
                    String identifier = request.text(Paths.INTEGRATION);
                    String scope =
                            organization.id()
                                    + "/"
                                    + (identifier.isEmpty()
                                            ? ""
                                            : integrations.one(organization, identifier).opaqueId()
                                                    + "/");
                    return listen(request, organization, scope);
                });
    }

    private Router.Body listen(Request request, Organization organization, String scope) {
        KafkaAccess access =
                kafka.orElseThrow(
                        () ->
                                ApiException.of(
                                        503,
                                        "unavailable",
                                        "This server cannot listen to changes: set"
                                                + " WEBHOOKDB_KAFKA_BOOTSTRAP."));
        Optional<ChangeCursor> after =
                Optional.of(request.text("after"))
                        .filter(text -> !text.isEmpty())
                        .map(ChangeCursor::parse);
        enter(organization);
        return out -> {
            try (ChangeLog log = new ChangeLog(access)) {
                after.ifPresent(log::goTo);
                stream(log, scope, out);
            } finally {
                listeners.merge(organization.id(), -1, Integer::sum);
            }
        };
    }

    private synchronized void enter(Organization organization) {
        listeners.values().removeIf(count -> count == 0);
        int all = listeners.values().stream().mapToInt(Integer::intValue).sum();
        int own = listeners.getOrDefault(organization.id(), 0);
        if (all >= MOST || own >= MOST_OF_ORGANIZATION) {
            throw ApiException.of(
                    429,
                    "too_many_listeners",
                    "At most "
                            + MOST_OF_ORGANIZATION
                            + " listeners of an organization and "
                            + MOST
                            + " of a server are served at once.");
        }
        listeners.merge(organization.id(), 1, Integer::sum);
    }

    private void stream(ChangeLog log, String scope, OutputStream out) throws IOException {
        long start = System.nanoTime();
        long lastSign = start;
        write(out, log.cursor(), "ready", "{}".getBytes(UTF_8));
        while (!closed && System.nanoTime() - start < LONGEST.toNanos()) {
            boolean wrote = false;
            for (ConsumerRecord<byte[], byte[]> record : log.read(LOOK)) {
                log.passed(record);
                Optional<byte[]> body =
                        ChangeLog.isOf(record, scope) ? body(record) : Optional.empty();
                if (body.isPresent()) {
                    write(out, log.cursor(), "change", body.get());
                    wrote = true;
                }
            }
            if (!wrote && System.nanoTime() - lastSign > SIGN_OF_LIFE.toNanos()) {
                write(out, log.cursor(), "alive", "{}".getBytes(UTF_8));
                wrote = true;
            }
            lastSign = wrote ? System.nanoTime() : lastSign;
        }
    }

    private Optional<byte[]> body(ConsumerRecord<byte[], byte[]> record) {
        RowChange change;
        try {
            change = RowChangeCodec.decode(record.value());
        } catch (IllegalArgumentException e) {
            // The delivery job counts those.
            return Optional.empty();
        }
        return Optional.of(
                NotificationBody.of(
                        change,
                        catalog.service(change.service())
                                .map(ServiceDefinition::key)
                                .orElse(null)));
    }

    /** JSON as Jackson writes it has no line ends. */
    private static void write(OutputStream out, ChangeCursor cursor, String event, byte[] data)
            throws IOException {
        out.write(("id: " + cursor.text() + "\nevent: " + event + "\ndata: ").getBytes(UTF_8));
        out.write(data);
        out.write("\n\n".getBytes(UTF_8));
        out.flush();
    }

    /** Ends every stream soon. */
    @Override
    public void close() {
        closed = true;
    }
}
