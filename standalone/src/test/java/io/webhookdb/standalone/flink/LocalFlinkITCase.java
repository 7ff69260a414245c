package io.webhookdb.standalone.flink;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalFlinkITCase {
    /** Somebody at the machine may look at any page while this runs. */
    @Test
    void letsNoPageOfAnotherOriginReadItsJobs(@TempDir Path folder) throws Exception {
        try (LocalFlink flink = LocalFlink.start(folder, 0)) {
            HttpResponse<String> answer =
                    HttpClient.newHttpClient()
                            .send(
                                    HttpRequest.newBuilder(
                                                    URI.create(flink.url() + "/jobs/overview"))
                                            .header("Origin", "https://evil.example")
                                            .build(),
                                    HttpResponse.BodyHandlers.ofString());

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("Access-Control-Allow-Origin").orElse(""))
                    .isNotEqualTo("*")
                    .doesNotContain("evil");
        }
    }
}
