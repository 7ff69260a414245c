package io.webhookdb.controlplane.api.integrations;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Names somebody may have meant who typed one that is none. */
final class SimilarNames {
    private static final int MOST = 10;

    private SimilarNames() {}

    /** What to say of a service there is not: those that may be meant, then all. */
    static String noService(String typed, List<String> there) {
        List<String> meant = of(typed, there);
        return "There is no service "
                + typed
                + ". "
                + (meant.isEmpty() ? "" : "Similar ones: " + String.join(", ", meant) + ". ")
                + "Supported services: "
                + String.join(", ", there)
                + ".";
    }

    /** Names with a word of the typed one, those with the most first. */
    static List<String> of(String typed, List<String> there) {
        Set<String> words = words(typed);
        return there.stream()
                .filter(name -> shared(words, name) > 0)
                .sorted(
                        Comparator.comparing((String name) -> shared(words, name))
                                .reversed()
                                .thenComparing(name -> words(name).size())
                                .thenComparing(Comparator.naturalOrder()))
                .limit(MOST)
                .toList();
    }

    private static int shared(Set<String> words, String name) {
        Set<String> both = words(name);
        both.retainAll(words);
        return both.size();
    }

    /** Words without the version; a plural counts as its singular. */
    private static Set<String> words(String name) {
        Set<String> words = new HashSet<>();
        Arrays.stream(name.toLowerCase(Locale.ROOT).split("[^a-z0-9]+"))
                .filter(word -> !word.isEmpty() && !word.matches("v[0-9]+"))
                .map(word -> word.length() > 3 ? word.replaceFirst("s$", "") : word)
                .forEach(words::add);
        return words;
    }
}
