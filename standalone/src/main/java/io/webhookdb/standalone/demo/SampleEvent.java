package io.webhookdb.standalone.demo;

import java.util.Map;

/**
 * A webhook of the demo, before it is signed.
 *
 * @param service service it belongs to
 * @param key remote key of its row
 * @param order version time, to tell which event of a row is the newest
 * @param marker value that the row shows in {@link Samples#markerColumn} if this event won
 * @param headers request headers beside the signature
 * @param body request body
 */
record SampleEvent(
        String service,
        String key,
        long order,
        String marker,
        Map<String, String> headers,
        String body) {}
