package io.webhookdb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.cli.TestingCli.Run;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A backfill that is watched until it ends. */
class FollowTest {
    private static final String BACKFILL =
            "/v1/organizations/7/service_integrations/svi_1/backfill";
    private static final String DONE =
            """
            {"message":"","needs_input":false,"prompt":"","prompt_is_secret":false,
             "post_to_url":"","post_params":{},"post_params_value_key":"","complete":true,
             "output":"A backfill is ordered: bfj_2.","error_code":"","extras":{}}\
            """;
    private static final String JOBS =
            """
            {"object":"list","items":[{"id":"sch_svi_1","scheduled":true},
             {"id":"bfj_2","scheduled":false},{"id":"bfj_1","scheduled":false}],"message":""}\
            """;

    private final TestingApi api = TestingApi.start();
    private TestingCli cli;

    @BeforeEach
    void logIn(@TempDir Path home) {
        cli = new TestingCli(home, api.address()).loggedIn();
    }

    @AfterEach
    void nothingElseWasSent() {
        api.assertSatisfied();
        api.close();
    }

    private static String job(String status, String state, int pages, String message) {
        return """
        {"id":"bfj_2","status":"%s","state":"%s","pages":%d,"items":%d,"items_per_second":50.4,
         "started_at":null,"estimated_end":null,"message":"%s"}\
        """
                .formatted(status, state, pages, pages * 100, message);
    }

    private void follows(String... answers) {
        api.expect("POST " + BACKFILL).answers(DONE);
        api.expect("GET " + BACKFILL + "/job").answers(JOBS);
        for (String answer : answers) {
            api.expect("GET " + BACKFILL + "/job/bfj_2").answers(answer);
        }
    }

    @Test
    void showsHowFarTheNewestOrderGetsUntilItHasFinished() {
        follows(
                job("enqueued", "queued", 0, ""),
                job("inprogress", "running", 3, ""),
                job("finished", "finished", 7, ""));
        Run run = cli.run("backfill", "svi_1", "--follow");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.err()).contains("Queued.", "300 items in 3 pages, 50/s");
        assertThat(run.out()).contains("bfj_2 has finished: 700 items in 7 pages");
    }

    @Test
    void failsWithTheVendorsWords() {
        follows(job("failed", "failed", 1, "The API answered 401: Invalid API Key."));
        Run run = cli.run("backfill", "svi_1", "--follow");
        assertThat(run.exitCode()).isNotZero();
        assertThat(run.err()).contains("not completed", "Invalid API Key");
    }
}
