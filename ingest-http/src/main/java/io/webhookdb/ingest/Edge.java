package io.webhookdb.ingest;

import io.webhookdb.schemas.event.EventIds;

/** What all event loops share. */
record Edge(
        IngestSettings settings,
        ControlView control,
        WaitingRoom waitingRoom,
        Publisher publisher,
        InFlight inFlight,
        RateLimits rateLimits,
        EventIds ids,
        PublicAddress publicAddress,
        VendorKeys keys,
        IngestMetrics metrics,
        RejectionReports rejections) {}
