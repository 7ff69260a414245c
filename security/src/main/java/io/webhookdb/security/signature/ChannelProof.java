package io.webhookdb.security.signature;

import io.webhookdb.schemas.catalog.Owners.Channels;
import io.webhookdb.schemas.catalog.Source;
import java.util.Optional;

/** Judges notifications on channels; other requests are none of its business. Thread-safe. */
public final class ChannelProof {
    private final Channels channels;
    private final String key;
    private final Rejections rejections;

    private ChannelProof(Channels channels, String key) {
        this.channels = channels;
        this.key = key;
        this.rejections =
                channels == null ? null : Rejections.of(place(channels.token()), "a token", null);
    }

    /**
     * Of an integration.
     *
     * @param channels null: it has none
     * @param key see {@link ChannelToken#key}; null while there is no secret
     */
    public static ChannelProof of(Channels channels, String key) {
        return new ChannelProof(channels, key);
    }

    /** Empty if the request is no notification. */
    public Optional<Verdict> verify(SignedRequest request) {
        if (channels == null || value(request, channels.id()) == null) {
            return Optional.empty();
        }
        String token = value(request, channels.token());
        if (token == null) {
            return Optional.of(rejections.missing());
        }
        return Optional.of(
                key != null && ChannelToken.verify(key, token)
                        ? Verdict.Accepted.VERIFIED
                        : rejections.mismatch());
    }

    private static String value(SignedRequest request, Source source) {
        return source.header() != null
                ? request.header(source.header())
                : request.body().length == 0 ? null : request.text(source.resource());
    }

    private static String place(Source source) {
        return source.header() != null ? source.header() : source.resource();
    }
}
