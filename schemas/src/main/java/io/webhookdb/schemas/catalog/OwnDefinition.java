package io.webhookdb.schemas.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.webhookdb.schemas.catalog.CatalogFiles.ResourceFile;
import io.webhookdb.schemas.catalog.CatalogFiles.VendorFile;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A service that people define for their own organization: one YAML file in the language of the
 * catalogue, the vendor's part included. Only {@code service} and {@code key} have to be there;
 * what is left out gets the usual value ({@link OwnDefaults}).
 *
 * <p>It cannot do what reaches beyond its organization or its table: it routes to no other service,
 * is connected by no consent screen, depends on no parent, and its backfill lists nothing per row
 * of another table.
 */
public final class OwnDefinition {
    /** Longest file in characters. */
    public static final int LONGEST = 200_000;

    /** Most columns of a table. */
    public static final int MOST_COLUMNS = 300;

    private static final String FILE = "definition";
    private static final Set<String> FORBIDDEN =
            Set.of("routes", "connection", "registration", "parent", "hook", "owners");
    private static final Set<String> REPLY_TYPES =
            Set.of("application/json", "application/xml", "text/plain");

    private final List<CatalogProblem> problems = new ArrayList<>();

    private OwnDefinition() {}

    /**
     * Reads a file.
     *
     * @throws CatalogException with every problem found
     */
    public static ServiceDefinition read(String yaml) {
        OwnDefinition reading = new OwnDefinition();
        Optional<ServiceDefinition> definition = reading.definition(yaml);
        if (definition.isPresent() && reading.problems.isEmpty()) {
            return definition.get();
        }
        reading.problems.sort(Comparator.comparing(CatalogProblem::path));
        throw new CatalogException(reading.problems);
    }

    private Optional<ServiceDefinition> definition(String yaml) {
        if (yaml.length() > LONGEST) {
            add("", yaml.length() + " characters; allowed are " + LONGEST + ".");
            return Optional.empty();
        }
        CatalogFiles files = new CatalogFiles(problems);
        Optional<JsonNode> tree = files.tree(FILE, yaml);
        if (tree.isEmpty()) {
            return Optional.empty();
        }
        if (!(tree.get() instanceof ObjectNode file)) {
            add("", "expected keys and values: at least service and key.");
            return Optional.empty();
        }
        for (String key : FORBIDDEN) {
            if (file.remove(key) != null) {
                add("/" + key, "is not for a service of your own.");
            }
        }
        String vendorName = file.path("vendor-name").asText("");
        file.remove("vendor-name");
        new OwnDefaults(file).fill();
        Optional<ResourceFile> read = files.resource(FILE, file);
        return read.map(resource -> checked(vendorName, resource));
    }

    private ServiceDefinition checked(String vendorName, ResourceFile resource) {
        VendorFile vendor =
                new VendorFile(
                        resource.vendor(),
                        vendorName.isBlank() ? OwnDefaults.words(resource.vendor()) : vendorName,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null);
        ServiceDefinition definition = CatalogLoader.merged(vendor, resource);
        problems.addAll(DefinitionValidator.problems(FILE, definition));
        if (definition.columns().size() > MOST_COLUMNS) {
            add(
                    "/columns",
                    definition.columns().size() + " columns; allowed are " + MOST_COLUMNS + ".");
        }
        String type = definition.reply().contentType().split(";", 2)[0].strip();
        if (!REPLY_TYPES.contains(type)) {
            add("/reply/content-type", "found \"" + type + "\"; allowed are " + REPLY_TYPES + ".");
        }
        if (definition.verification().scheme() == Verification.Scheme.JWT) {
            add(
                    "/verification/scheme",
                    "found \"jwt\"; it posts credentials to a host, so only shipped services have"
                            + " it.");
        }
        Backfill backfill = definition.backfill();
        if (backfill != null) {
            forbid("/backfill/fan-out", backfill.fanOut());
            forbid("/backfill/derived", backfill.derived());
            if (backfill.auth().refresh() != null) {
                forbid("/backfill/auth/refresh/token", backfill.auth().refresh().token());
            }
            if (backfill.credentials() == Backfill.Credentials.INHERITED) {
                add("/backfill/credentials", "found \"inherited\"; allowed is own.");
            }
        }
        return definition;
    }

    private void forbid(String path, Object value) {
        if (value != null) {
            add(path, "is not for a service of your own: it has no parent.");
        }
    }

    private void add(String path, String message) {
        problems.add(new CatalogProblem(FILE, path, message));
    }
}
