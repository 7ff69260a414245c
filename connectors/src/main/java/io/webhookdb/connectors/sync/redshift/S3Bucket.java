package io.webhookdb.connectors.sync.redshift;

import io.webhookdb.connectors.sync.SyncException;
import io.webhookdb.connectors.sync.SyncFailure;
import io.webhookdb.security.connection.RedshiftUrl.Staging;
import io.webhookdb.security.outbound.OutboundPolicy;
import io.webhookdb.security.outbound.OutboundRefusedException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Set;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/**
 * Puts objects into a bucket and takes them away, by requests signed as AWS asks (Signature Version
 * 4, payload included). The host is the vendor's own and looked up once more when it is called.
 */
public final class S3Bucket {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    /** The client says these itself, with the same values. */
    private static final Set<String> SET_BY_CLIENT = Set.of("host", "content-length");

    private final Staging staging;
    private final URI endpoint;
    private final OutboundPolicy policy;
    private final AwsCredentialsIdentity identity;
    private final AwsV4HttpSigner signer = AwsV4HttpSigner.create();
    private final HttpClient client =
            HttpClient.newBuilder()
                    .connectTimeout(Duration.ofSeconds(10))
                    .version(HttpClient.Version.HTTP_1_1)
                    .build();

    S3Bucket(Staging staging, URI endpoint, OutboundPolicy policy) {
        this.staging = staging;
        this.endpoint = endpoint;
        this.policy = policy;
        this.identity = AwsCredentialsIdentity.create(staging.key(), staging.secret());
    }

    /**
     * The vendor's own, ending with a slash.
     *
     * @return null without a bucket
     */
    public static URI endpoint(Staging staging) {
        if (staging == null) {
            return null;
        }
        String domain = staging.region().startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
        return URI.create(
                "https://" + staging.bucket() + ".s3." + staging.region() + "." + domain + "/");
    }

    /**
     * Writes an object.
     *
     * @throws SyncException if it was not kept
     */
    void put(String key, byte[] content) throws SyncException {
        int status = send(SdkHttpMethod.PUT, key, content);
        if (status >= 300) {
            throw new SyncException(
                    status >= 500 || status == 408 || status == 429
                            ? SyncFailure.TRANSIENT
                            : SyncFailure.CONFIGURATION,
                    staging
                            + ": writing was answered with status "
                            + status
                            + "; check bucket, region, s3_key and its right to s3:PutObject.");
        }
    }

    /** Deletes an object, if that is possible now. */
    void deleteQuietly(String key) {
        try {
            send(SdkHttpMethod.DELETE, key, new byte[0]);
        } catch (SyncException e) {
            // The bucket's lifecycle rule is for what stays.
            return;
        }
    }

    private int send(SdkHttpMethod method, String key, byte[] content) throws SyncException {
        URI uri = endpoint.resolve(key);
        try {
            policy.resolve(uri);
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(uri)
                            .timeout(TIMEOUT)
                            .method(method.name(), BodyPublishers.ofByteArray(content));
            signed(method, uri, content)
                    .request()
                    .forEachHeader(
                            (name, values) -> {
                                if (!SET_BY_CLIENT.contains(
                                        name.toLowerCase(java.util.Locale.ROOT))) {
                                    values.forEach(value -> request.header(name, value));
                                }
                            });
            return client.send(request.build(), BodyHandlers.discarding()).statusCode();
        } catch (OutboundRefusedException e) {
            throw new SyncException(SyncFailure.CONFIGURATION, e.getMessage(), null, e);
        } catch (IOException e) {
            throw new SyncException(
                    SyncFailure.TRANSIENT,
                    staging + " did not answer: " + e.getClass().getSimpleName() + ".",
                    null,
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SyncException(SyncFailure.TRANSIENT, staging + ": interrupted.", null, e);
        }
    }

    private SignedRequest signed(SdkHttpMethod method, URI uri, byte[] content) {
        SdkHttpRequest request = SdkHttpRequest.builder().method(method).uri(uri).build();
        return signer.sign(
                what ->
                        what.identity(identity)
                                .request(request)
                                .payload(ContentStreamProvider.fromByteArray(content))
                                .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "s3")
                                .putProperty(AwsV4HttpSigner.REGION_NAME, staging.region())
                                .putProperty(AwsV4HttpSigner.DOUBLE_URL_ENCODE, false)
                                .putProperty(AwsV4HttpSigner.NORMALIZE_PATH, false)
                                .putProperty(AwsV4HttpSigner.PAYLOAD_SIGNING_ENABLED, true)
                                .putProperty(AwsV4HttpSigner.CHUNK_ENCODING_ENABLED, false));
    }
}
