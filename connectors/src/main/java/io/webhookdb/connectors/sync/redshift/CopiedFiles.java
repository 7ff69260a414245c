package io.webhookdb.connectors.sync.redshift;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.webhookdb.connectors.sync.SyncException;
import io.webhookdb.connectors.sync.warehouse.CellLimits;
import io.webhookdb.connectors.sync.warehouse.CsvFile;
import io.webhookdb.connectors.sync.warehouse.Jdbc;
import io.webhookdb.security.connection.RedshiftUrl.Staging;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Rows as compressed files in a bucket, listed by a manifest, so that Redshift reads exactly these
 * files and all of them. They are deleted afterwards, whatever became of them; what a crash leaves
 * behind is for a lifecycle rule of the bucket.
 */
final class CopiedFiles implements RedshiftStage {
    /**
     * Longest VARCHAR; longest SUPER (Database Developer Guide, "Limitations" of SUPER); longest
     * row that COPY reads (the same, "COPY: Data sources").
     */
    private static final CellLimits LIMITS = new CellLimits(65_535, 16_000_000, 4 << 20);

    private static final long MOST_FILE_CHARACTERS = 4L << 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Staging staging;
    private final S3Bucket bucket;

    CopiedFiles(Staging staging, S3Bucket bucket) {
        this.staging = staging;
        this.bucket = bucket;
    }

    @Override
    public CellLimits limits() {
        return LIMITS;
    }

    @Override
    public void fill(Jdbc session, RedshiftSql sql, List<List<String>> rows)
            throws SQLException, SyncException {
        UUID id = UUID.randomUUID();
        String folder = staging.prefix() + "webhookdb/" + id + "/";
        // No value can be this word: whether quoted words count as NULL is not documented.
        String nullWord = "null_" + id.toString().replace("-", "");
        List<String> keys = new ArrayList<>();
        try {
            for (List<List<String>> part : CsvFile.evenly(rows, MOST_FILE_CHARACTERS)) {
                String key = folder + "part-" + keys.size() + ".csv.gz";
                keys.add(key);
                bucket.put(key, CsvFile.gzipped(part, nullWord));
            }
            byte[] manifest = manifest(keys);
            keys.add(folder + "manifest");
            bucket.put(folder + "manifest", manifest);
            session.execute(sql.createTypedStage());
            session.execute(sql.copy(staging, folder + "manifest", nullWord));
        } finally {
            keys.forEach(bucket::deleteQuietly);
        }
    }

    private byte[] manifest(List<String> keys) {
        ObjectNode manifest = JSON.createObjectNode();
        ArrayNode entries = manifest.putArray("entries");
        for (String key : keys) {
            entries.addObject()
                    .put("url", "s3://" + staging.bucket() + "/" + key)
                    .put("mandatory", true);
        }
        return manifest.toString().getBytes(UTF_8);
    }

    @Override
    public String insert(RedshiftSql sql) {
        return sql.insertTyped();
    }
}
