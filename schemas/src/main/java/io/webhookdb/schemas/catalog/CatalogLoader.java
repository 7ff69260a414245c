package io.webhookdb.schemas.catalog;

import io.webhookdb.schemas.catalog.CatalogFiles.ResourceFile;
import io.webhookdb.schemas.catalog.CatalogFiles.VendorFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Loads the catalogue: reads every file named in {@code catalog/index.txt}, gives each resource the
 * blocks of its vendor that it does not replace, validates, and refuses the whole with all
 * problems.
 */
final class CatalogLoader {
    private static final String FOLDER = "/catalog/";

    private final List<CatalogProblem> problems = new ArrayList<>();
    private final CatalogFiles files = new CatalogFiles(problems);
    private final Map<String, VendorFile> vendors = new LinkedHashMap<>();
    private final Map<String, ServiceDefinition> services = new LinkedHashMap<>();

    static Catalog fromClassPath() {
        CatalogLoader loader = new CatalogLoader();
        List<String> names = index();
        names.stream()
                .filter(CatalogLoader::isVendor)
                .forEach(name -> loader.addVendor(name, open(name)));
        names.stream()
                .filter(name -> !isVendor(name))
                .forEach(name -> loader.addResource(name, open(name)));
        return loader.catalog();
    }

    static List<String> index() {
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(open("index.txt"), StandardCharsets.UTF_8))) {
            return lines.lines().filter(line -> !line.isBlank()).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isVendor(String name) {
        return name.endsWith("/vendor.yaml");
    }

    private static InputStream open(String name) {
        InputStream stream = CatalogLoader.class.getResourceAsStream(FOLDER + name);
        if (stream == null) {
            throw new IllegalStateException(
                    "Catalogue file " + name + " is in the index but not on the class path.");
        }
        return stream;
    }

    void addVendor(String file, InputStream yaml) {
        files.vendor(file, yaml).ifPresent(vendor -> vendors.put(vendor.vendor(), vendor));
    }

    void addResource(String file, InputStream yaml) {
        Optional<ResourceFile> read = files.resource(file, yaml);
        if (read.isEmpty()) {
            return;
        }
        ResourceFile resource = read.get();
        VendorFile vendor = vendors.get(resource.vendor());
        if (vendor == null) {
            problem(file, "/vendor", resource.vendor(), vendors.keySet());
            return;
        }
        ServiceDefinition definition = merged(vendor, resource);
        problems.addAll(DefinitionValidator.problems(file, definition));
        if (services.putIfAbsent(definition.name(), definition) != null) {
            problems.add(
                    new CatalogProblem(
                            file, "/service", "\"" + definition.name() + "\" is defined twice."));
        }
    }

    private void problem(String file, String path, String found, Object allowed) {
        problems.add(
                new CatalogProblem(
                        file, path, "\"" + found + "\" is unknown. Allowed: " + allowed));
    }

    /** All services, or every problem found on the way. */
    Catalog catalog() {
        problems.addAll(ReferenceValidator.problems(services.values()));
        if (!problems.isEmpty()) {
            throw new CatalogException(problems);
        }
        return new Catalog(services.values());
    }

    static ServiceDefinition merged(VendorFile vendor, ResourceFile resource) {
        return new ServiceDefinition(
                resource.service(),
                resource.vendor(),
                vendor.name(),
                resource.resource().singular(),
                resource.resource().plural(),
                resource.docs(),
                resource.modes(),
                resource.key(),
                resource.columns(),
                own(resource.envelope(), vendor.envelope()),
                resource.accept(),
                own(resource.versionTime(), vendor.versionTime()),
                resource.deletes(),
                own(resource.deliveryId(), vendor.deliveryId()),
                own(resource.verification(), vendor.verification()),
                own(resource.reply(), vendor.reply()),
                own(resource.keepHeaders(), vendor.keepHeaders()),
                resource.setup(),
                resource.parent(),
                own(resource.body(), vendor.body()),
                resource.backfill() == null ? null : resource.backfill().over(vendor.backfill()),
                resource.routes(),
                resource.connection(),
                resource.registration() == null
                        ? null
                        : resource.registration().over(vendor.registration()),
                resource.provenance(),
                resource.ignore(),
                resource.hook(),
                resource.owners());
    }

    private static <T> T own(T own, T inherited) {
        return own == null ? inherited : own;
    }
}
