package io.webhookdb.ingest;

import io.webhookdb.ingest.spool.SpoolSettings;
import io.webhookdb.security.kafka.KafkaAccess;
import io.webhookdb.security.keyset.KeysetFolder;
import io.webhookdb.security.keyset.SecretCipher;
import io.webhookdb.security.keyset.SecretSealer;
import io.webhookdb.security.tls.TlsFiles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * How one ingest process runs. Build with {@link #builder}.
 *
 * @param host address to listen on
 * @param port TCP port; 0 picks a free one
 * @param kafka where the log is
 * @param ingestCipher opens webhook secrets
 * @param sealer seals credentials of owners that are posted; empty: services that take some answer
 *     503
 * @param bodyLimitBytes larger bodies are answered 413; must stay below a quarter of the events
 *     topic's {@code max.message.bytes}
 * @param inFlightLimitBytes bodies held in memory at once, over all requests; beyond it 503
 * @param connectionsLimit open connections; further ones are closed at once
 * @param holdTime how long a request for an unknown integration waits for it to appear
 * @param heldRequestsLimit how many may wait at once; beyond it 503
 * @param requestsPerSecondPerOrganization beyond it 429; 0 is no limit
 * @param publishTimeout time in which Kafka must have stored a request, else 503; keep it below the
 *     vendors' own time-outs (Shopify 5 s, GitHub 10 s)
 * @param requestTimeout time in which a request must have arrived whole
 * @param idleTimeout time after which a connection without requests is closed
 * @param closeTimeout how long a closing server waits for the requests it has begun
 * @param eventLoops threads that serve requests
 * @param reported the folder whose keys are reported; empty for no reports
 * @param publicUrl base URL vendors post to, without a trailing slash; empty: what the Host header
 *     says
 * @param trustedProxies addresses and ranges of proxies whose X-Forwarded-For is believed
 * @param tls certificate to listen with; empty: plain HTTP, for a proxy in front
 * @param spool where events wait while Kafka is away; empty: they are answered 503
 */
public record IngestSettings(
        String host,
        int port,
        KafkaAccess kafka,
        SecretCipher ingestCipher,
        Optional<SecretSealer> sealer,
        int bodyLimitBytes,
        long inFlightLimitBytes,
        int connectionsLimit,
        Duration holdTime,
        int heldRequestsLimit,
        int requestsPerSecondPerOrganization,
        Duration publishTimeout,
        Duration requestTimeout,
        Duration idleTimeout,
        Duration closeTimeout,
        int eventLoops,
        Optional<KeysetFolder> reported,
        String publicUrl,
        List<String> trustedProxies,
        Optional<TlsFiles> tls,
        Optional<SpoolSettings> spool) {

    /** What a process needs to be told; the rest has defaults. It reports the keys it holds. */
    public static Builder builder(KafkaAccess kafka, KeysetFolder keysets) {
        Builder builder = new Builder(kafka, keysets.ingest());
        builder.reported = Optional.of(keysets);
        builder.sealer = keysets.connectionsSealerIfThere();
        return builder;
    }

    /** The same, of a Kafka in clear. */
    public static Builder builder(String kafkaBootstrap, KeysetFolder keysets) {
        return builder(KafkaAccess.plain(kafkaBootstrap), keysets);
    }

    /** The same, of a Kafka in clear. */
    public static Builder builder(String kafkaBootstrap, SecretCipher ingestCipher) {
        return builder(KafkaAccess.plain(kafkaBootstrap), ingestCipher);
    }

    /** The same with a cipher from elsewhere; nothing is reported. */
    public static Builder builder(KafkaAccess kafka, SecretCipher ingestCipher) {
        return new Builder(kafka, ingestCipher);
    }

    /**
     * Checks everything at once.
     *
     * @throws IllegalArgumentException listing each setting that is out of range
     */
    public IngestSettings {
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(kafka, "kafka");
        Objects.requireNonNull(ingestCipher, "ingestCipher");
        publicUrl = publicUrl.replaceAll("/+$", "");
        trustedProxies = List.copyOf(trustedProxies);
        List<String> problems = new ArrayList<>();
        check(problems, "port", port, 0, 65_535);
        check(problems, "bodyLimitBytes", bodyLimitBytes, 1, 256 << 20);
        check(problems, "inFlightLimitBytes", inFlightLimitBytes, bodyLimitBytes, 1L << 40);
        check(problems, "connectionsLimit", connectionsLimit, 1, 1_000_000);
        check(problems, "heldRequestsLimit", heldRequestsLimit, 0, 1_000_000);
        check(
                problems,
                "requestsPerSecondPerOrganization",
                requestsPerSecondPerOrganization,
                0,
                10_000_000);
        check(problems, "eventLoops", eventLoops, 1, 1024);
        check(problems, "holdTime (ms)", holdTime.toMillis(), 1, 60_000);
        check(problems, "publishTimeout (ms)", publishTimeout.toMillis(), 100, 600_000);
        check(problems, "requestTimeout (ms)", requestTimeout.toMillis(), 100, 3_600_000);
        check(problems, "idleTimeout (ms)", idleTimeout.toMillis(), 100, 3_600_000);
        check(problems, "closeTimeout (ms)", closeTimeout.toMillis(), 0, 600_000);
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException("Ingest settings: " + String.join("; ", problems));
        }
    }

    private static void check(List<String> problems, String name, long value, long min, long max) {
        if (value < min || value > max) {
            problems.add(name + " is " + value + ", allowed are " + min + " to " + max);
        }
    }

    /** Who can send from here is trusted with more than this. */
    static final List<String> LOOPBACK = List.of("127.0.0.0/8", "::1");

    /** Collects settings. */
    public static final class Builder {
        private final KafkaAccess kafka;
        private final SecretCipher ingestCipher;
        private String host = "127.0.0.1";
        private int port;
        private Optional<SecretSealer> sealer = Optional.empty();
        private int bodyLimitBytes = 5 << 20;
        private long inFlightLimitBytes = 64L << 20;
        private int connectionsLimit = 10_000;
        private Duration holdTime = Duration.ofSeconds(2);
        private int heldRequestsLimit = 1000;
        private int requestsPerSecondPerOrganization;
        private Duration publishTimeout = Duration.ofSeconds(5);
        private Duration requestTimeout = Duration.ofSeconds(30);
        private Duration idleTimeout = Duration.ofSeconds(75);
        private Duration closeTimeout = Duration.ofSeconds(15);
        private int eventLoops = Runtime.getRuntime().availableProcessors();
        private Optional<KeysetFolder> reported = Optional.empty();
        private String publicUrl = "";
        private List<String> trustedProxies = LOOPBACK;
        private Optional<TlsFiles> tls = Optional.empty();
        private Optional<SpoolSettings> spool = Optional.empty();

        private Builder(KafkaAccess kafka, SecretCipher ingestCipher) {
            this.kafka = kafka;
            this.ingestCipher = ingestCipher;
        }

        public Builder host(String value) {
            host = value;
            return this;
        }

        public Builder port(int value) {
            port = value;
            return this;
        }

        public Builder bodyLimitBytes(int value) {
            bodyLimitBytes = value;
            return this;
        }

        public Builder inFlightLimitBytes(long value) {
            inFlightLimitBytes = value;
            return this;
        }

        public Builder connectionsLimit(int value) {
            connectionsLimit = value;
            return this;
        }

        public Builder holdTime(Duration value) {
            holdTime = value;
            return this;
        }

        public Builder heldRequestsLimit(int value) {
            heldRequestsLimit = value;
            return this;
        }

        public Builder requestsPerSecondPerOrganization(int value) {
            requestsPerSecondPerOrganization = value;
            return this;
        }

        public Builder publishTimeout(Duration value) {
            publishTimeout = value;
            return this;
        }

        public Builder requestTimeout(Duration value) {
            requestTimeout = value;
            return this;
        }

        public Builder idleTimeout(Duration value) {
            idleTimeout = value;
            return this;
        }

        public Builder closeTimeout(Duration value) {
            closeTimeout = value;
            return this;
        }

        public Builder eventLoops(int value) {
            eventLoops = value;
            return this;
        }

        public Builder sealer(SecretSealer value) {
            sealer = Optional.of(value);
            return this;
        }

        public Builder publicUrl(String value) {
            publicUrl = value;
            return this;
        }

        public Builder trustedProxies(List<String> value) {
            trustedProxies = value;
            return this;
        }

        public Builder tls(TlsFiles value) {
            tls = Optional.of(value);
            return this;
        }

        public Builder spool(SpoolSettings value) {
            spool = Optional.of(value);
            return this;
        }

        /**
         * The settings.
         *
         * @throws IllegalArgumentException listing each setting that is out of range
         */
        public IngestSettings build() {
            return new IngestSettings(
                    host,
                    port,
                    kafka,
                    ingestCipher,
                    sealer,
                    bodyLimitBytes,
                    inFlightLimitBytes,
                    connectionsLimit,
                    holdTime,
                    heldRequestsLimit,
                    requestsPerSecondPerOrganization,
                    publishTimeout,
                    requestTimeout,
                    idleTimeout,
                    closeTimeout,
                    eventLoops,
                    reported,
                    publicUrl,
                    trustedProxies,
                    tls,
                    spool);
        }
    }
}
