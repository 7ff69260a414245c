package io.webhookdb.ingest;

import io.webhookdb.schemas.event.EventIds;
import io.webhookdb.security.tls.ReloadingKeyManager;
import io.webhookdb.security.trace.Tracing;
import java.util.Optional;

/** What all event loops share. */
record Edge(
        IngestSettings settings,
        ControlView control,
        WaitingRoom waitingRoom,
        Publisher publisher,
        EventStore store,
        InFlight inFlight,
        Connections connections,
        RateLimits rateLimits,
        EventIds ids,
        PublicAddress publicAddress,
        VendorKeys keys,
        LearnedSecrets learned,
        IngestMetrics metrics,
        RejectionReports rejections,
        RecentAnswers recent,
        Optional<ReloadingKeyManager> certificate,
        Tracing tracing) {}
