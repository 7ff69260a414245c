package io.webhookdb.ingest;

import io.webhookdb.ingest.spool.SpoolEnvironment;
import io.webhookdb.security.kafka.KafkaAccess;
import io.webhookdb.security.keyset.KeysetFolder;
import io.webhookdb.security.outbound.AddressRanges;
import io.webhookdb.security.tls.TlsFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;

/** Reads {@link IngestSettings} from environment variables. */
final class IngestEnvironment {
    static final String KAFKA = "WEBHOOKDB_KAFKA_BOOTSTRAP";
    static final String KEYSETS = "WEBHOOKDB_KEYSETS";
    static final String HOST = "WEBHOOKDB_INGEST_BIND";
    static final String PORT = "WEBHOOKDB_INGEST_PORT";
    static final String BODY_LIMIT = "WEBHOOKDB_INGEST_BODY_LIMIT_BYTES";
    static final String IN_FLIGHT_LIMIT = "WEBHOOKDB_INGEST_IN_FLIGHT_LIMIT_BYTES";
    static final String CONNECTIONS_LIMIT = "WEBHOOKDB_INGEST_CONNECTIONS_LIMIT";
    static final String PUBLIC_URL = "WEBHOOKDB_INGEST_URL";
    static final String TRUSTED_PROXIES = "WEBHOOKDB_INGEST_TRUSTED_PROXIES";
    static final String RATE_LIMIT = "WEBHOOKDB_INGEST_REQUESTS_PER_SECOND_PER_ORGANIZATION";

    /** Of the two variables that name certificate and key. */
    static final String TLS_PREFIX = "WEBHOOKDB_INGEST_TLS_";

    private final Map<String, String> variables;
    private final List<String> problems = new ArrayList<>();

    private IngestEnvironment(Map<String, String> variables) {
        this.variables = variables;
    }

    /**
     * The settings of a process: Kafka and keysets must be named, the rest has defaults.
     *
     * @throws IllegalArgumentException listing every variable that is missing or malformed
     */
    static IngestSettings settings(Map<String, String> variables) {
        return new IngestEnvironment(variables).read();
    }

    private IngestSettings read() {
        String kafka = required(KAFKA, "host:port[,host:port]");
        String keysets =
                required(KEYSETS, "the folder with ingest.json and connections.public.json");
        failOnProblems();
        IngestSettings.Builder builder =
                IngestSettings.builder(access(kafka), KeysetFolder.open(Path.of(keysets)))
                        .host(variables.getOrDefault(HOST, "0.0.0.0"))
                        .port(18_002)
                        .publicUrl(variables.getOrDefault(PUBLIC_URL, "").strip())
                        .trustedProxies(proxies());
        number(PORT, builder::port);
        number(BODY_LIMIT, builder::bodyLimitBytes);
        number(IN_FLIGHT_LIMIT, builder::inFlightLimitBytes);
        number(CONNECTIONS_LIMIT, builder::connectionsLimit);
        number(RATE_LIMIT, builder::requestsPerSecondPerOrganization);
        spool(builder);
        tls(builder);
        failOnProblems();
        return builder.build();
    }

    private KafkaAccess access(String bootstrap) {
        try {
            return KafkaAccess.of(bootstrap, variables);
        } catch (IllegalArgumentException e) {
            problems.add(e.getMessage());
            return KafkaAccess.plain(bootstrap);
        }
    }

    private void spool(IngestSettings.Builder builder) {
        try {
            SpoolEnvironment.read(variables).ifPresent(builder::spool);
        } catch (IllegalArgumentException e) {
            problems.add(e.getMessage());
        }
    }

    private void tls(IngestSettings.Builder builder) {
        try {
            TlsFiles.of(variables, TLS_PREFIX).ifPresent(builder::tls);
        } catch (IllegalArgumentException e) {
            problems.add(e.getMessage());
        }
    }

    private List<String> proxies() {
        List<String> proxies =
                Arrays.stream(
                                variables
                                        .getOrDefault(
                                                TRUSTED_PROXIES,
                                                String.join(",", IngestSettings.LOOPBACK))
                                        .split(","))
                        .map(String::strip)
                        .filter(range -> !range.isEmpty())
                        .toList();
        try {
            AddressRanges.of(proxies);
        } catch (IllegalArgumentException e) {
            problems.add(TRUSTED_PROXIES + ": " + e.getMessage());
        }
        return proxies;
    }

    private String required(String name, String expected) {
        String value = variables.get(name);
        if (value == null || value.isBlank()) {
            problems.add(name + " is not set, expected " + expected);
        }
        return value;
    }

    private void number(String name, IntConsumer target) {
        String value = variables.get(name);
        if (value == null || value.isBlank()) {
            return;
        }
        try {
            target.accept(Integer.parseInt(value.strip()));
        } catch (NumberFormatException e) {
            problems.add(name + " is \"" + value + "\", expected a whole number");
        }
    }

    private void failOnProblems() {
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", problems));
        }
    }
}
