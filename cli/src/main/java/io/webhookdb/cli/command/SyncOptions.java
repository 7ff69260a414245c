package io.webhookdb.cli.command;

import io.webhookdb.cli.api.Fields;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What can be said of a sync target. */
final class SyncOptions {
    private SyncOptions() {}

    /** A sync target, as argument or flag. */
    static final class Target {
        @Parameters(arity = "0..1", paramLabel = "TARGET", description = "Id (syt_...).")
        String argument;

        @Option(
                names = {"-t", "--target"},
                paramLabel = "TARGET",
                description = "The same as a flag.")
        String flag;

        /** Null if none was given. */
        String orNone() {
            return Given.once("TARGET", argument, flag);
        }

        String required() {
            return Given.required(
                    "TARGET",
                    Given.once("TARGET", argument, flag),
                    "`webhookdb dbsync list` and `webhookdb httpsync list` show what there is.");
        }
    }

    /** How it is copied. */
    static final class Tuning {
        @Option(names = "--period", paramLabel = "SECONDS", description = "Time between two syncs.")
        Integer period;

        @Option(
                names = {"--pagesize", "--page-size"},
                paramLabel = "ROWS",
                description = "Rows sent at a time.")
        Integer pageSize;

        @Option(
                names = "--parallelism",
                paramLabel = "PAGES",
                description =
                        "httpsync: pages on their way at once, 1 to 8; rows keep their order, each"
                                + " row of its own. Another number sends all rows once more.")
        Integer parallelism;

        @Option(
                names = "--schema",
                paramLabel = "SCHEMA",
                description = "dbsync: schema to write to; blank for the default.")
        String schema;

        @Option(
                names = "--table",
                paramLabel = "TABLE",
                description = "dbsync: table to write to; blank for the name of the source.")
        String table;

        boolean isEmpty() {
            return period == null
                    && pageSize == null
                    && parallelism == null
                    && schema == null
                    && table == null;
        }
    }

    /** What of a row is copied. */
    static final class Masking {
        @Option(
                names = "--columns",
                split = ",",
                paramLabel = "COLUMN",
                description = "Only these, and the key; blank for all again.")
        List<String> columns;

        @Option(
                names = "--drop",
                split = ",",
                paramLabel = "COLUMN",
                description = "All but these; the key cannot be dropped.")
        List<String> drop;

        @Option(
                names = "--hash",
                split = ",",
                paramLabel = "COLUMN",
                description =
                        "These as a keyed hash (HMAC-SHA-256): equal values stay equal within this"
                                + " target, so joins work.")
        List<String> hash;

        @Option(
                names = "--data",
                paramLabel = "auto|keep|drop",
                description =
                        "The resource itself; auto keeps it from a target that does not see every"
                                + " column as it is.")
        String data;

        @Option(
                names = "--deletes",
                paramLabel = "mark|remove",
                description = "Deleted rows stay with _deleted_at, or go.")
        String deletes;

        boolean isEmpty() {
            return columns == null
                    && drop == null
                    && hash == null
                    && data == null
                    && deletes == null;
        }

        Fields addTo(Fields fields) {
            return fields.textsIfGiven("columns", columns)
                    .textsIfGiven("drop", drop)
                    .textsIfGiven("hash", hash)
                    .textIfGiven("data", data)
                    .textIfGiven("deletes", deletes);
        }
    }
}
