package io.webhookdb.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SamplesTest {
    @Test
    void ratiosArePairedByRound() {
        Samples ours = samples(10, 40, 30);
        Samples theirs = samples(20, 40, 10);
        assertThat(ours.over(theirs).values()).containsExactly(0.5, 1.0, 3.0);
        assertThat(ours.over(theirs).median()).isEqualTo(1.0);
    }

    @Test
    void aQuantileIsOneOfTheValues() {
        Samples samples = samples(4, 1, 3, 2);
        assertThat(samples.quantile(0)).isEqualTo(1);
        assertThat(samples.median()).isEqualTo(2);
        assertThat(samples.quantile(0.99)).isEqualTo(4);
        assertThat(samples.spread(0)).isEqualTo("1 – 4");
    }

    private static Samples samples(double... values) {
        Samples samples = new Samples();
        for (double value : values) {
            samples.add(value);
        }
        return samples;
    }
}
