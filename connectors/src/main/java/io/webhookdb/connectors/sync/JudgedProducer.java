package io.webhookdb.connectors.sync;

import io.webhookdb.security.connection.KafkaUrl;
import io.webhookdb.security.outbound.OutboundPolicy;
import io.webhookdb.security.outbound.OutboundRefusedException;
import java.lang.reflect.Constructor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.ApiVersions;
import org.apache.kafka.clients.ClientUtils;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.HostResolver;
import org.apache.kafka.clients.KafkaClient;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.internals.ProducerInterceptors;
import org.apache.kafka.clients.producer.internals.ProducerMetadata;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.internals.ClusterResourceListeners;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.utils.LogContext;
import org.apache.kafka.common.utils.Time;

/**
 * A producer for a customer's cluster that dials only addresses the policy allows: those of the URL
 * and those brokers advertise later alike, each at the very address that was judged.
 *
 * <p>The client takes a resolver of names only in a constructor that is not public, so that is
 * called by reflection; a release without it fails {@code KafkaSyncTargetITCase}. Only settings
 * written here reach the client.
 */
final class JudgedProducer {
    private static final String CLIENT = "webhookdb-sync";
    private static final int REQUEST_MILLIS = 10_000;
    private static final int DELIVERY_MILLIS = 30_000;
    private static final int MOST_BYTES = 64 << 20;

    private final AtomicReference<String> refusal = new AtomicReference<>();
    private final Producer<byte[], byte[]> producer;

    JudgedProducer(KafkaUrl url, OutboundPolicy policy) throws SyncException {
        String scheme = url.security().isEncrypted() ? "kafka" : "http";
        HostResolver judged =
                host -> {
                    try {
                        return policy.resolve(scheme, host).toArray(new InetAddress[0]);
                    } catch (OutboundRefusedException e) {
                        refusal.set(e.getMessage());
                        throw unknown(e);
                    }
                };
        for (InetSocketAddress server : url.servers()) {
            judgeAtOnce(policy, scheme, server.getHostString());
        }
        try {
            producer = producer(url, new ProducerConfig(settings(url)), judged);
        } catch (RuntimeException e) {
            throw new SyncException(
                    SyncFailure.CONFIGURATION,
                    url + ": a client cannot be made of it: " + e.getClass().getSimpleName() + ".",
                    null,
                    e);
        }
    }

    private static void judgeAtOnce(OutboundPolicy policy, String scheme, String host)
            throws SyncException {
        try {
            policy.resolve(scheme, host);
        } catch (OutboundRefusedException e) {
            throw new SyncException(SyncFailure.CONFIGURATION, e.getMessage() + ".", null, e);
        } catch (UnknownHostException e) {
            // Another server of the list may be there.
            return;
        }
    }

    Producer<byte[], byte[]> producer() {
        return producer;
    }

    /** Why an address was not dialled; null if every one was. */
    String refusal() {
        return refusal.get();
    }

    private static UnknownHostException unknown(Exception cause) {
        UnknownHostException unknown = new UnknownHostException(cause.getMessage());
        unknown.initCause(cause);
        return unknown;
    }

    @SuppressWarnings("unchecked") // The constructor's types are those of the fields it is given.
    private static Producer<byte[], byte[]> producer(
            KafkaUrl url, ProducerConfig config, HostResolver resolver) {
        LogContext log = new LogContext("[" + CLIENT + "] ");
        Metrics metrics = new Metrics(Time.SYSTEM);
        ApiVersions versions = new ApiVersions();
        ProducerMetadata metadata =
                new ProducerMetadata(
                        config.getLong(ProducerConfig.RETRY_BACKOFF_MS_CONFIG),
                        config.getLong(ProducerConfig.RETRY_BACKOFF_MAX_MS_CONFIG),
                        config.getLong(ProducerConfig.METADATA_MAX_AGE_CONFIG),
                        config.getLong(ProducerConfig.METADATA_MAX_IDLE_CONFIG),
                        log,
                        new ClusterResourceListeners(),
                        Time.SYSTEM);
        metadata.bootstrap(url.servers());
        KafkaClient client =
                ClientUtils.createNetworkClient(
                        config,
                        CLIENT,
                        metrics,
                        CLIENT,
                        log,
                        versions,
                        Time.SYSTEM,
                        config.getInt(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION),
                        REQUEST_MILLIS,
                        metadata,
                        null,
                        resolver,
                        null,
                        null);
        try {
            Constructor<?> constructor =
                    KafkaProducer.class.getDeclaredConstructor(
                            ProducerConfig.class,
                            Serializer.class,
                            Serializer.class,
                            ProducerMetadata.class,
                            KafkaClient.class,
                            ProducerInterceptors.class,
                            ApiVersions.class,
                            Time.class);
            constructor.setAccessible(true);
            return (Producer<byte[], byte[]>)
                    constructor.newInstance(
                            config,
                            new ByteArraySerializer(),
                            new ByteArraySerializer(),
                            metadata,
                            client,
                            new ProducerInterceptors<byte[], byte[]>(List.of(), metrics),
                            versions,
                            Time.SYSTEM);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("This release of Kafka's client is not supported", e);
        }
    }

    private static Map<String, Object> settings(KafkaUrl url) {
        Map<String, Object> settings = new HashMap<>();
        settings.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, url.bootstrap());
        settings.put(ProducerConfig.CLIENT_ID_CONFIG, CLIENT);
        settings.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        settings.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 5);
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, REQUEST_MILLIS);
        settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_MILLIS);
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, DELIVERY_MILLIS);
        settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MOST_BYTES);
        settings.put(ProducerConfig.ENABLE_METRICS_PUSH_CONFIG, false);
        settings.put(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, url.security().name());
        if (!url.authority().isEmpty()) {
            settings.put(SslConfigs.SSL_TRUSTSTORE_TYPE_CONFIG, "PEM");
            settings.put(SslConfigs.SSL_TRUSTSTORE_CERTIFICATES_CONFIG, url.authority());
        }
        if (url.security().hasUser()) {
            settings.put(SaslConfigs.SASL_MECHANISM, url.mechanism().word());
            settings.put(SaslConfigs.SASL_JAAS_CONFIG, login(url));
        }
        return settings;
    }

    /** Quoted as JAAS has it, so that a password stays one. */
    private static String login(KafkaUrl url) {
        String module =
                url.mechanism() == KafkaUrl.Mechanism.PLAIN
                        ? "org.apache.kafka.common.security.plain.PlainLoginModule"
                        : "org.apache.kafka.common.security.scram.ScramLoginModule";
        return module
                + " required username="
                + quoted(url.user())
                + " password="
                + quoted(url.password())
                + ";";
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
