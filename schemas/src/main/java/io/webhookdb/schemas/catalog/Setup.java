package io.webhookdb.schemas.catalog;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * What a person is asked and told when they set up an integration.
 *
 * @param webhook conversation that makes webhooks work; null if the service has none
 * @param backfill conversation that makes backfills work; null if the service has none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Setup(Conversation webhook, Conversation backfill) {

    /**
     * Instructions, then questions in order.
     *
     * @param instructions shown before the first question; {@code {endpoint}} stands for the
     *     integration's URL
     * @param prompts questions
     */
    public record Conversation(String instructions, List<Prompt> prompts) {
        public Conversation {
            prompts = prompts == null ? List.of() : List.copyOf(prompts);
        }
    }

    /**
     * One question.
     *
     * @param field name used in the transition URL, {@code webhook_secret}, {@code repo_name}
     * @param stored integration field that keeps the answer
     * @param help shown above this question; {@code {endpoint}} as in the instructions; may be null
     * @param question text of the prompt, ending in a colon
     * @param echo whether the terminal shows what is typed; null is {@link Echo#SHOWN}
     * @param pattern regular expression the whole trimmed answer must match; null: anything
     * @param patternHint what to answer when the pattern does not match
     * @param format how the answer is stored; {@code {value}} stands for it; null: as it is
     * @param defaultAnswer what a blank answer means; may be empty; null: it means nothing
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Prompt(
            String field,
            StoredField stored,
            String help,
            String question,
            Echo echo,
            String pattern,
            String patternHint,
            String format,
            String defaultAnswer) {
        public Prompt {
            echo = echo == null ? Echo.SHOWN : echo;
        }

        /** A question that wants an answer. */
        public Prompt(
                String field,
                StoredField stored,
                String help,
                String question,
                Echo echo,
                String pattern,
                String patternHint,
                String format) {
            this(field, stored, help, question, echo, pattern, patternHint, format, null);
        }
    }

    /** Fields of an integration that a prompt can fill. */
    public enum StoredField {
        WEBHOOK_SECRET,
        BACKFILL_KEY,
        BACKFILL_SECRET,
        API_URL,
        /** Where the key of a resource is; the integration then has a definition of its own. */
        KEY_POINTER
    }

    /** Whether typed text is visible. */
    public enum Echo {
        SHOWN,
        HIDDEN
    }
}
