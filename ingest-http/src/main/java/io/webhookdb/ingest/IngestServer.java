package io.webhookdb.ingest;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.webhookdb.schemas.Topics;
import io.webhookdb.schemas.event.EventIds;
import io.webhookdb.security.outbound.OutboundPolicy;
import io.webhookdb.security.tls.ReloadingKeyManager;
import io.webhookdb.security.trace.Tracing;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Receives webhooks at {@code /v1/service_integrations/{id}}, verifies them against what the
 * control topic says, puts them on Kafka and acknowledges them then, not before.
 *
 * <p>Any number of processes may serve the same integrations. Starts and runs without Kafka too:
 * with a spool it keeps meanwhile what integrations it knows are sent, without one it answers 503.
 * Also serves {@code /healthz} and {@code /metrics}.
 */
public final class IngestServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(IngestServer.class);
    private static final Duration START_LIMIT = Duration.ofSeconds(30);
    private static final Duration METADATA_PATIENCE = Duration.ofSeconds(2);
    private static final Duration CERTIFICATE_PAUSE = Duration.ofSeconds(10);
    private static final long PREFETCH_MILLIS = 20;
    private static final long SWEEP_MILLIS = 20;
    private static final long REPORT_MILLIS = 5_000;

    private final IngestSettings settings;
    private final IngestMetrics metrics = new IngestMetrics();
    private final AtomicInteger port = new AtomicInteger();
    private final CountDownLatch metadataThere = new CountDownLatch(1);
    private final Vertx vertx;
    private final Publisher publisher;
    private final Optional<SpoolingStore> spooling;
    private final ControlReader reader;
    private final Optional<KeysetReports> keysets;
    private final Edge edge;
    private String deployment;
    private boolean closed;

    private IngestServer(IngestSettings settings) {
        this.settings = settings;
        ControlView control = new ControlView(settings.ingestCipher(), settings.sealer());
        WaitingRoom waitingRoom = new WaitingRoom(control, settings.heldRequestsLimit());
        InFlight inFlight = new InFlight(settings.inFlightLimitBytes());
        Connections connections = new Connections(settings.connectionsLimit());
        metrics.watch(control, waitingRoom, inFlight, connections);
        this.publisher = new Publisher(settings);
        this.spooling =
                settings.spool().map(spool -> SpoolingStore.start(publisher, spool, settings));
        spooling.ifPresent(metrics::watch);
        this.reader =
                new ControlReader(
                        settings.kafka(),
                        control,
                        waitingRoom::wakeDecided,
                        metrics.undecodableControl());
        this.keysets =
                settings.reported()
                        .map(folder -> KeysetReports.start(settings.kafka(), folder, control));
        this.vertx = Vertx.vertx(options(settings));
        this.edge =
                new Edge(
                        settings,
                        control,
                        waitingRoom,
                        publisher,
                        spooling.map(EventStore.class::cast)
                                .orElse(
                                        (event, done) ->
                                                publisher.publish(Topics.EVENTS, event, done)),
                        inFlight,
                        connections,
                        new RateLimits(settings.requestsPerSecondPerOrganization()),
                        new EventIds(),
                        new PublicAddress(settings),
                        new VendorKeys(OutboundPolicy.parse(""), VendorKeys.TIMEOUT),
                        new LearnedSecrets(settings.ingestCipher(), publisher),
                        metrics,
                        new RejectionReports(Clock.systemUTC()),
                        new RecentAnswers(),
                        settings.tls()
                                .map(
                                        files ->
                                                new ReloadingKeyManager(
                                                        files, CERTIFICATE_PAUSE, LOG::warn)),
                        Tracing.ofProcess("webhookdb-ingest"));
    }

    /**
     * Starts; returns when it listens.
     *
     * @throws IllegalStateException if it cannot listen, or if the settings do not even allow a
     *     Kafka client to be made
     */
    public static IngestServer start(IngestSettings settings) {
        IngestServer server = new IngestServer(settings);
        try {
            server.listen();
            return server;
        } catch (Exception e) {
            // Not only unchecked ones: Vert.x throws a BindException as it is.
            server.close();
            throw new IllegalStateException(
                    "Ingest did not start on " + settings.host() + ":" + settings.port(), e);
        }
    }

    private static VertxOptions options(IngestSettings settings) {
        return new VertxOptions()
                .setEventLoopPoolSize(settings.eventLoops())
                .setFileSystemOptions(
                        new FileSystemOptions()
                                .setFileCachingEnabled(false)
                                .setClassPathResolvingEnabled(false));
    }

    private void listen() throws TimeoutException, InterruptedException {
        reader.start();
        prefetch();
        // The first requests would be refused without it. Kafka being away must not stop the
        // start, though.
        if (!metadataThere.await(METADATA_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
            LOG.warn("Kafka at {} does not answer yet", settings.kafka().bootstrapServers());
        }
        Future<String> deployed =
                vertx.deployVerticle(
                        () -> new IngestVerticle(edge, port::set),
                        new DeploymentOptions().setInstances(settings.eventLoops()));
        deployment = deployed.await(START_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        spooling.ifPresent(store -> vertx.setPeriodic(SWEEP_MILLIS, timer -> store.sweep()));
        vertx.setPeriodic(REPORT_MILLIS, timer -> report());
        LOG.info("Ingest listens on {}:{}", settings.host(), port());
    }

    /** Until the metadata is there, which may be long after the start. */
    private void prefetch() {
        if (publisher.prefetch()) {
            metadataThere.countDown();
        } else {
            vertx.setTimer(PREFETCH_MILLIS, again -> prefetch());
        }
    }

    /** The port it listens on. */
    public int port() {
        return port.get();
    }

    /**
     * Takes no more requests, finishes those it has begun within the close timeout, and lets go of
     * everything. May be called again.
     */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            if (deployment != null) {
                await(vertx.undeploy(deployment));
            }
        } finally {
            try {
                report();
                publisher.close();
            } finally {
                spooling.ifPresent(SpoolingStore::close);
                reader.close();
                keysets.ifPresent(KeysetReports::close);
                edge.keys().close();
                edge.tracing().close();
                await(vertx.close());
                metrics.close();
            }
        }
    }

    private void await(Future<Void> done) {
        Duration limit = settings.closeTimeout().plusSeconds(5);
        try {
            done.await(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IllegalStateException("Ingest did not stop within " + limit, e);
        }
    }

    private void report() {
        edge.rejections().send(publisher);
        edge.recent().send(publisher);
    }
}
