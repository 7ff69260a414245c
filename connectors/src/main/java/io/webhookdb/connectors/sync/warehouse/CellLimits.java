package io.webhookdb.connectors.sync.warehouse;

/**
 * What a cell of a warehouse can hold. A value beyond it is refused by name: a warehouse would cut
 * or round it without a word.
 *
 * @param textBytes longest text, in bytes of UTF-8
 * @param jsonBytes longest JSON, in bytes of UTF-8
 * @param rowBytes longest row of a file, in bytes of UTF-8
 */
public record CellLimits(int textBytes, int jsonBytes, int rowBytes) {
    /** Digits after the point of a decimal. */
    public static final int SCALE = 12;

    /** Digits of a decimal in all. */
    public static final int PRECISION = 38;
}
