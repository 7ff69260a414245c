package io.webhookdb.schemas.catalog;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/** How many tables of how many vendors there are, by what they were checked against and by tier. */
public final class CatalogTotals {
    private CatalogTotals() {}

    /**
     * One line.
     *
     * @param by what is told apart: all, source, tier
     * @param name the class
     * @param meaning what the class is, for people
     */
    public record Total(String by, String name, String meaning, long tables, long vendors) {}

    /** All lines; classes without a table are there, too. */
    public static List<Total> of(Collection<ServiceDefinition> services) {
        List<Total> totals = new ArrayList<>();
        totals.add(total("all", "all", "what can be integrated", services, any -> true));
        for (Provenance.Kind kind : Provenance.Kind.values()) {
            totals.add(
                    total(
                            "source",
                            word(kind),
                            meaning(kind),
                            services,
                            service -> !isOwn(service) && service.provenance().kind() == kind));
        }
        totals.add(total("source", "own", "defined by you", services, service -> isOwn(service)));
        for (Tier tier : Tier.values()) {
            totals.add(
                    total(
                            "tier",
                            word(tier),
                            meaning(tier),
                            services,
                            service -> Tier.of(service) == tier));
        }
        return totals;
    }

    private static Total total(
            String by,
            String name,
            String meaning,
            Collection<ServiceDefinition> services,
            Predicate<ServiceDefinition> counted) {
        List<ServiceDefinition> found = services.stream().filter(counted).toList();
        return new Total(
                by,
                name,
                meaning,
                found.size(),
                found.stream().map(ServiceDefinition::vendor).distinct().count());
    }

    private static boolean isOwn(ServiceDefinition service) {
        return service.provenance() == null
                || service.provenance().source().equals(OwnDefaults.OWN);
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static String meaning(Provenance.Kind kind) {
        return switch (kind) {
            case PUBLISHED -> "checked against payloads the vendor publishes";
            case SDK -> "checked against types of the vendor's own library";
            case CONSTRUCTED -> "from documentation only, not checked";
        };
    }

    private static String meaning(Tier tier) {
        return switch (tier) {
            case PLAIN -> "declared, one resource out of one request or listing";
            case EXTENDED -> "declared, with more of the language";
            case CODED -> "declared, with a hook in Java";
        };
    }
}
