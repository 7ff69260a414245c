package io.webhookdb.benchmarks;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** Values of one quantity, one per round. */
final class Samples {
    private final List<Double> values = new ArrayList<>();

    void add(double value) {
        values.add(value);
    }

    List<Double> values() {
        return Collections.unmodifiableList(values);
    }

    double median() {
        return quantile(0.5);
    }

    /** The smallest value that at least that share of the values does not exceed. */
    double quantile(double share) {
        if (values.isEmpty()) {
            throw new IllegalStateException("There are no samples.");
        }
        List<Double> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        int place = (int) Math.ceil(share * sorted.size()) - 1;
        return sorted.get(Math.max(0, place));
    }

    /** Smallest and largest, for tables. */
    String spread(int digits) {
        String form = "%,." + digits + "f";
        return String.format(
                Locale.ROOT, form + " – " + form, Collections.min(values), Collections.max(values));
    }

    /** The values at those quantiles alone, for plots. */
    Samples between(double low, double high) {
        Samples ends = new Samples();
        ends.add(quantile(low));
        ends.add(quantile(high));
        return ends;
    }

    /** Rounds in pairs: this quantity over the other. */
    Samples over(Samples other) {
        Samples ratio = new Samples();
        for (int i = 0; i < values.size(); i++) {
            ratio.add(values.get(i) / other.values.get(i));
        }
        return ratio;
    }
}
