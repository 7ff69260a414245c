package io.webhookdb.benchmarks.jmh;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.webhookdb.benchmarks.Charges;
import io.webhookdb.security.signature.SignatureVerifier;
import io.webhookdb.security.signature.Verdict;
import java.time.Instant;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A vendor's signature over a body of 1.3 kB. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class VerifyBenchmark {
    private static final String SECRET = "whsec_benchmark0123456789abcdef";

    private final byte[] body = Charges.body(7, 0);
    private final Instant now = Instant.ofEpochSecond(1_700_000_000);
    private SignatureVerifier verifier;
    private String header;

    /** Signs the body once. */
    @Setup
    public void sign() throws Exception {
        verifier = SignatureVerifier.prepare(Charges.SERVICE.verification(), SECRET);
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SECRET.getBytes(UTF_8), "HmacSHA256"));
        mac.update((now.getEpochSecond() + ".").getBytes(UTF_8));
        header = "t=" + now.getEpochSecond() + ",v1=" + HexFormat.of().formatHex(mac.doFinal(body));
        if (verify() instanceof Verdict.Rejected rejected) {
            throw new IllegalStateException(rejected.message());
        }
    }

    /** One request. */
    @Benchmark
    public Verdict verify() {
        return verifier.verify(
                name -> name.equalsIgnoreCase("stripe-signature") ? header : null, body, now);
    }
}
