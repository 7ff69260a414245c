package io.webhookdb.security.trace;

import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.webhookdb.schemas.trace.TraceContext;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Tells a collector what a part did, as spans of OpenTelemetry. Thread-safe.
 *
 * <p>Only where an exporter is asked for by the standard variables ({@code OTEL_*}); without one
 * every step hands on the trace it was given, none is begun, and nothing is started.
 */
public final class Tracing implements AutoCloseable {
    private static final Tracing NONE = new Tracing(null, null);
    private static final List<String> ENDPOINTS =
            List.of("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT");
    private static final long CLOSE_SECONDS = 5;

    private final OpenTelemetrySdk sdk;
    private final Spans spans;

    private Tracing(OpenTelemetrySdk sdk, Spans spans) {
        this.sdk = sdk;
        this.spans = spans;
    }

    /** Exports nothing. */
    public static Tracing none() {
        return NONE;
    }

    /** As this process's environment says, or its system properties ({@code otel.*}). */
    public static Tracing ofProcess(String service) {
        Map<String, String> environment = new HashMap<>(System.getenv());
        for (String name : System.getProperties().stringPropertyNames()) {
            if (name.startsWith("otel.")) {
                environment.put(
                        name.toUpperCase(Locale.ROOT).replace('.', '_'), System.getProperty(name));
            }
        }
        return of(environment, service);
    }

    /**
     * As the environment says: an exporter of OTLP over HTTP if it names an endpoint, or any that
     * {@code OTEL_TRACES_EXPORTER} names and the class path has.
     *
     * @param environment variables by name
     * @param service name of the part, where {@code OTEL_SERVICE_NAME} does not say another
     * @throws io.opentelemetry.sdk.autoconfigure.spi.ConfigurationException if a variable is unfit
     */
    public static Tracing of(Map<String, String> environment, String service) {
        if (!isAskedFor(environment)) {
            return NONE;
        }
        Map<String, String> properties = new HashMap<>();
        properties.put("otel.service.name", service);
        properties.put("otel.metrics.exporter", "none");
        properties.put("otel.logs.exporter", "none");
        // Over gRPC would take a further client.
        properties.put("otel.exporter.otlp.protocol", "http/protobuf");
        environment.forEach(
                (name, value) -> {
                    if (name.startsWith("OTEL_") && !value.isBlank()) {
                        properties.put(name.toLowerCase(Locale.ROOT).replace('_', '.'), value);
                    }
                });
        OpenTelemetrySdk sdk =
                AutoConfiguredOpenTelemetrySdk.builder()
                        .addPropertiesSupplier(() -> properties)
                        .disableShutdownHook()
                        .build()
                        .getOpenTelemetrySdk();
        return new Tracing(sdk, new Spans(sdk.getTracer("io.webhookdb")));
    }

    private static boolean isAskedFor(Map<String, String> environment) {
        String exporter = environment.getOrDefault("OTEL_TRACES_EXPORTER", "");
        if (exporter.equals("none") || Boolean.parseBoolean(environment.get("OTEL_SDK_DISABLED"))) {
            return false;
        }
        return !exporter.isBlank()
                || ENDPOINTS.stream()
                        .anyMatch(name -> !environment.getOrDefault(name, "").isBlank());
    }

    /**
     * Begins the first step of ours: in the sender's trace, or in one of its own if it is sampled.
     *
     * @param sent the sender's trace; null if it is in none
     * @param startedAtMicros microseconds since the epoch
     */
    public Step begin(StepName name, TraceContext sent, long startedAtMicros) {
        return spans == null ? Step.Passing.of(sent) : spans.begin(name, sent, startedAtMicros);
    }

    /**
     * Begins a further step of a trace; of what is in none nothing is told.
     *
     * @param trace null if it is in none
     * @param startedAtMicros microseconds since the epoch
     */
    public Step goOn(StepName name, TraceContext trace, long startedAtMicros) {
        return spans == null || trace == null
                ? Step.Passing.of(trace)
                : spans.begin(name, trace, startedAtMicros);
    }

    /** Sends what is left, for some seconds. */
    @Override
    public void close() {
        if (sdk != null) {
            sdk.shutdown().join(CLOSE_SECONDS, TimeUnit.SECONDS);
        }
    }
}
