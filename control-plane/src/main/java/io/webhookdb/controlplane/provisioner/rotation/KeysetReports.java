package io.webhookdb.controlplane.provisioner.rotation;

import io.webhookdb.controlplane.database.KeysetHoldings;
import io.webhookdb.controlplane.provisioner.status.StatusHandler;
import io.webhookdb.schemas.status.KeysetsRead;
import io.webhookdb.schemas.status.StatusReport;
import io.webhookdb.security.keyset.HeldKeys;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/** Stores which keys ingest and the jobs hold. */
public final class KeysetReports implements StatusHandler {
    @Override
    public boolean takes(StatusReport report) {
        return report instanceof KeysetsRead;
    }

    @Override
    public void apply(List<StatusReport> reports, Handle handle) {
        Map<List<String>, KeysetsRead> newest = new LinkedHashMap<>();
        for (StatusReport any : reports) {
            KeysetsRead report = (KeysetsRead) any;
            newest.put(List.of(report.reader(), report.keyset()), report);
        }
        newest.values().stream()
                .sorted(
                        Comparator.comparing(KeysetsRead::reader)
                                .thenComparing(KeysetsRead::keyset))
                .forEach(report -> store(handle, report));
    }

    private static void store(Handle handle, KeysetsRead report) {
        KeysetHoldings.told(
                handle,
                report.reader(),
                new HeldKeys(report.keyset(), report.primary(), report.keys()),
                report.controlRevisionMicros(),
                report.checkpoint());
    }
}
