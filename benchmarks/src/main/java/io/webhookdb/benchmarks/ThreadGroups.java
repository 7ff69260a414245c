package io.webhookdb.benchmarks;

import java.util.LinkedHashMap;
import java.util.Map;

/** What threads do, told by how their names begin. The first beginning that fits counts. */
final class ThreadGroups {
    private final String others;
    private final Map<String, String> byBeginning = new LinkedHashMap<>();

    /**
     * @param others group of the threads without one
     */
    ThreadGroups(String others) {
        this.others = others;
    }

    ThreadGroups with(String group, String... beginnings) {
        for (String beginning : beginnings) {
            byBeginning.put(beginning, group);
        }
        return this;
    }

    String of(String thread) {
        return byBeginning.entrySet().stream()
                .filter(entry -> thread.startsWith(entry.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(others);
    }
}
