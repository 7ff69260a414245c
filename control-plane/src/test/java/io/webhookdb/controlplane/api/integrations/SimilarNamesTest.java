package io.webhookdb.controlplane.api.integrations;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SimilarNamesTest {
    private static final List<String> THERE =
            List.of(
                    "github_issue_comment_v1",
                    "github_issue_v1",
                    "linear_issue_v1",
                    "zoom_meeting_v1");

    @Test
    void namesThoseWithTheMostWordsInCommonFirst() {
        assertThat(SimilarNames.of("GitHub Issues", THERE))
                .containsExactly("github_issue_v1", "github_issue_comment_v1", "linear_issue_v1");
    }

    @Test
    void listsAllEvenWhenNothingIsSimilar() {
        assertThat(SimilarNames.noService("acme_v1", THERE))
                .isEqualTo(
                        "There is no service acme_v1. Supported services: "
                                + String.join(", ", THERE)
                                + ".");
    }
}
