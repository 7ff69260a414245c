package io.webhookdb.cli.command;

import io.webhookdb.cli.api.Fields;
import java.util.List;
import picocli.CommandLine.Option;

/** How a webhook subscription wants its deliveries. */
final class DeliveryOptions {
    @Option(
            names = "--on",
            paramLabel = "EVENT",
            split = ",",
            description = "Only these: inserted, updated, deleted. Default: all.")
    List<String> eventTypes;

    @Option(
            names = "--changed",
            paramLabel = "COLUMN",
            split = ",",
            description = "Of updates, only those of one of these columns.")
    List<String> changedColumns;

    @Option(
            names = "--where",
            paramLabel = "CONDITION",
            description =
                    "Only rows that meet this: COLUMN eq|ne|lt|lte|gt|gte VALUE, COLUMN in|not_in"
                            + " JSON-ARRAY, COLUMN is_null|not_null. Repeat it for more; all have"
                            + " to hold.")
    List<String> where;

    @Option(
            names = "--ordering",
            paramLabel = "KIND",
            description = "parallel, or ordered: the changes of a row wait for each other.")
    String ordering;

    @Option(
            names = "--row-data",
            paramLabel = "FORM",
            description = "object, or text: row.data as a string that holds JSON.")
    String rowData;

    @Option(
            names = "--rate-limit",
            paramLabel = "NUMBER",
            description = "Most requests a second. 0: no limit.")
    Integer rateLimit;

    @Option(
            names = "--concurrency",
            paramLabel = "NUMBER",
            description = "Most requests at once. 0: the usual limit.")
    Integer concurrency;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            description = "Longest wait for an answer, at most 30. Default: 10.")
    Integer timeout;

    @Option(
            names = "--signature",
            paramLabel = "KIND",
            description = "hmac, or ed25519: a second signature that anyone can verify.")
    String signature;

    @Option(
            names = "--function",
            paramLabel = "URL",
            description = "StateFun endpoint that sees each change first.")
    String function;

    Fields addTo(Fields fields) {
        return fields.textsIfGiven("event_types", eventTypes)
                .textsIfGiven("changed_columns", changedColumns)
                .textsIfGiven("where", where)
                .textIfGiven("ordering", ordering)
                .textIfGiven("row_data", rowData)
                .numberIfGiven("rate_limit", rateLimit)
                .numberIfGiven("concurrency", concurrency)
                .numberIfGiven("timeout", timeout)
                .textIfGiven("signature", signature)
                .textIfGiven("function_url", function);
    }
}
