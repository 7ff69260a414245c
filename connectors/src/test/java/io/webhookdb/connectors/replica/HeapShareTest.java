package io.webhookdb.connectors.replica;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HeapShareTest {
    private static final long MEBIBYTE = 1L << 20;

    @Test
    void isSharedByTheSlotsOfAProcess() {
        assertThat(HeapShare.bytes(256 * MEBIBYTE, 3072 * MEBIBYTE, 2)).isEqualTo(256 * MEBIBYTE);
        assertThat(HeapShare.bytes(256 * MEBIBYTE, 3072 * MEBIBYTE, 8)).isEqualTo(64 * MEBIBYTE);
    }

    @Test
    void isNeverSoSmallThatBatchesAre() {
        assertThat(HeapShare.bytes(256 * MEBIBYTE, 512 * MEBIBYTE, 16)).isEqualTo(32 * MEBIBYTE);
    }

    @Test
    void isNeverMoreThanTheSettingsAllow() {
        assertThat(HeapShare.bytes(1000, 3072 * MEBIBYTE, 1)).isEqualTo(1000);
        assertThat(HeapShare.bytes(256 * MEBIBYTE, 64L << 30, 4)).isEqualTo(256 * MEBIBYTE);
    }
}
