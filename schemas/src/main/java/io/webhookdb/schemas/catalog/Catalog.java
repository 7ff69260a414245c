package io.webhookdb.schemas.catalog;

import java.util.Collection;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

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

    /** All services, sorted by name. */
    public Collection<ServiceDefinition> services() {
        return byName.values();
    }
}
