package io.webhookdb.schemas.catalog;

import java.util.Collection;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/** All services that can be integrated, by name. Immutable. */
public final class Catalog {
    private final SortedMap<String, ServiceDefinition> byName;

    Catalog(Collection<ServiceDefinition> definitions) {
        SortedMap<String, ServiceDefinition> map = new TreeMap<>();
        definitions.forEach(definition -> map.put(definition.name(), definition));
        this.byName = map;
    }

    /** The definitions shipped on the class path. */
    public static Catalog load() {
        return CatalogLoader.fromClassPath();
    }

    /** The service of that name. */
    public Optional<ServiceDefinition> service(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** Only the services that pass. */
    public Catalog only(Predicate<ServiceDefinition> test) {
        return new Catalog(byName.values().stream().filter(test).toList());
    }

    /** All services, sorted by name. */
    public Collection<ServiceDefinition> services() {
        return byName.values();
    }
}
