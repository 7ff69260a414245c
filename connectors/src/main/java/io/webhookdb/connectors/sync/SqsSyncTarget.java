package io.webhookdb.connectors.sync;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.webhookdb.security.connection.SqsUrl;
import io.webhookdb.security.outbound.OutboundRefusedException;
import java.io.IOException;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/**
 * Sends each row as a message ({@link RowEnvelope}) to a customer's SQS queue, by the service's
 * JSON protocol, signed by the vendor's own signer and dialled at judged addresses. A page that is
 * sent again repeats messages, except in a FIFO queue within five minutes.
 */
final class SqsSyncTarget implements SyncTarget {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String SEND = "AmazonSQS.SendMessageBatch";

    /** The HTTP client says these itself, with the same values. */
    private static final Set<String> SET_BY_CLIENT = Set.of("host", "content-length");

    private final SqsUrl queue;
    private final HttpPosts posts;
    private final SqsBatches batches;
    private final AwsCredentialsIdentity identity;
    private final AwsV4HttpSigner signer = AwsV4HttpSigner.create();

    SqsSyncTarget(SqsUrl queue, HttpPosts posts) {
        this.queue = queue;
        this.posts = posts;
        this.batches = new SqsBatches(queue);
        this.identity = AwsCredentialsIdentity.create(queue.user(), queue.password());
    }

    @Override
    public void deliver(SyncPage page) throws SyncException {
        for (byte[] request : batches.of(page)) {
            send(request);
        }
    }

    private void send(byte[] request) throws SyncException {
        URI uri = URI.create(queue.called() + "/");
        try {
            HttpPosts.Answer answer = posts.call(uri, signed(uri, request), request);
            JsonNode body = json(answer.body());
            if (answer.status() != 200) {
                throw refused(answer.status(), body.path("__type").asText(""));
            }
            for (JsonNode failed : body.path("Failed")) {
                throw refused(
                        failed.path("SenderFault").asBoolean() ? 400 : 500,
                        failed.path("Code").asText(""));
            }
        } catch (OutboundRefusedException e) {
            throw new SyncException(SyncFailure.CONFIGURATION, e.getMessage() + ".", null, e);
        } catch (IOException e) {
            throw new SyncException(
                    SyncFailure.TRANSIENT,
                    queue + " did not answer: " + e.getClass().getSimpleName() + ".",
                    null,
                    e);
        }
    }

    private SyncException refused(int status, String code) {
        // A code is a word of the service's; anything else might quote what was sent.
        String shown = code.matches("[A-Za-z.#]{1,80}") ? code : "an unknown error";
        return new SyncException(
                SyncFailure.ofSqs(status, code),
                queue + " answered " + status + ", " + shown + ".");
    }

    /** An answer that is no JSON says nothing. */
    private static JsonNode json(byte[] body) {
        try {
            return JSON.readTree(body);
        } catch (IOException e) {
            return JSON.createObjectNode();
        }
    }

    private Map<String, String> signed(URI uri, byte[] body) {
        SdkHttpRequest request =
                SdkHttpRequest.builder()
                        .method(SdkHttpMethod.POST)
                        .uri(uri)
                        .putHeader("Content-Type", "application/x-amz-json-1.0")
                        .putHeader("X-Amz-Target", SEND)
                        .build();
        Map<String, String> headers = new LinkedHashMap<>();
        signer.sign(
                        what ->
                                what.identity(identity)
                                        .request(request)
                                        .payload(ContentStreamProvider.fromByteArray(body))
                                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "sqs")
                                        .putProperty(AwsV4HttpSigner.REGION_NAME, queue.region()))
                .request()
                .forEachHeader(
                        (name, values) -> {
                            if (!SET_BY_CLIENT.contains(name.toLowerCase(Locale.ROOT))) {
                                headers.put(name, String.join(",", values));
                            }
                        });
        return headers;
    }

    @Override
    public void rest() {
        // Connections are the operator's, kept for a while.
    }
}
