package io.webhookdb.schemas.control;

/**
 * "Every ciphertext in a record published before this one is encrypted with the newest keys."
 * Whoever reports to have applied it needs no older key any more.
 *
 * @param asOfMicros time it stands for, microseconds since the epoch
 */
public record RotationControl(long asOfMicros) implements ControlRecord {
    @Override
    public String key() {
        return "rotation/keys";
    }

    @Override
    public long revision() {
        return asOfMicros;
    }
}
