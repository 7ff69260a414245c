package io.webhookdb.schemas.catalog;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads the two kinds of catalogue files: YAML, checked against its JSON Schema, bound to records.
 */
final class CatalogFiles {
    /** {@code catalog/<vendor>/vendor.yaml}. */
    record VendorFile(
            String vendor,
            String name,
            Verification verification,
            Envelope envelope,
            List<TimeSource> versionTime,
            Source deliveryId,
            Reply reply,
            List<String> keepHeaders,
            BodyFormat body,
            Backfill backfill,
            WebhookRegistration registration) {}

    /**
     * {@code catalog/<vendor>/<service>.yaml}. Shared blocks are null unless the file has its own.
     */
    record ResourceFile(
            String service,
            String vendor,
            Names resource,
            String docs,
            List<ServiceDefinition.Mode> modes,
            RemoteKey key,
            List<Column> columns,
            List<Condition> accept,
            List<List<Condition>> deletes,
            Setup setup,
            Verification verification,
            Envelope envelope,
            List<TimeSource> versionTime,
            Source deliveryId,
            Reply reply,
            List<String> keepHeaders,
            String parent,
            BodyFormat body,
            Backfill backfill,
            Routes routes,
            OAuthConnection connection,
            WebhookRegistration registration,
            Provenance provenance,
            List<Condition> ignore,
            String hook,
            Owners owners) {}

    /** Names for people. */
    record Names(String singular, String plural) {}

    private static final YAMLMapper YAML =
            YAMLMapper.builder()
                    .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
                    .build();

    /**
     * Keys and enum words are written in lower case with dashes. The schemas say where a single
     * value may stand for a list.
     */
    private static final JsonMapper BINDER =
            JsonMapper.builder()
                    .propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
                    .addModule(new EnumWords())
                    .enable(DeserializationFeature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
                    .build();

    private final JsonSchema vendorSchema = schema("catalog-vendor");
    private final JsonSchema resourceSchema = schema("catalog-resource");
    private final List<CatalogProblem> problems;

    /**
     * @param problems takes every problem found
     */
    CatalogFiles(List<CatalogProblem> problems) {
        this.problems = problems;
    }

    /** The vendor file, unless it has problems. */
    Optional<VendorFile> vendor(String file, InputStream yaml) {
        return read(file, yaml, vendorSchema, VendorFile.class);
    }

    /** The resource file, unless it has problems. */
    Optional<ResourceFile> resource(String file, InputStream yaml) {
        return read(file, yaml, resourceSchema, ResourceFile.class);
    }

    /** The same of a file that was read; its place in messages is {@code file}. */
    Optional<ResourceFile> resource(String file, JsonNode tree) {
        try {
            return bound(file, tree, resourceSchema, ResourceFile.class);
        } catch (JsonProcessingException e) {
            problems.add(new CatalogProblem(file, "", e.getOriginalMessage()));
            return Optional.empty();
        }
    }

    /** The file as a tree, unless it is no YAML. */
    Optional<JsonNode> tree(String file, String yaml) {
        try {
            return Optional.of(YAML.readTree(yaml));
        } catch (JsonProcessingException e) {
            problems.add(new CatalogProblem(file, "", e.getOriginalMessage()));
            return Optional.empty();
        }
    }

    private <T> Optional<T> read(String file, InputStream yaml, JsonSchema schema, Class<T> type) {
        try {
            return bound(file, YAML.readTree(yaml), schema, type);
        } catch (JsonProcessingException e) {
            problems.add(new CatalogProblem(file, "", e.getOriginalMessage()));
        } catch (IOException e) {
            problems.add(new CatalogProblem(file, "", "cannot be read: " + e.getMessage()));
        }
        return Optional.empty();
    }

    private <T> Optional<T> bound(String file, JsonNode tree, JsonSchema schema, Class<T> type)
            throws JsonProcessingException {
        List<CatalogProblem> found = new ArrayList<>();
        schema.validate(tree)
                .forEach(
                        message ->
                                found.add(
                                        new CatalogProblem(
                                                file,
                                                message.getInstanceLocation().toString(),
                                                SchemaMessages.of(
                                                        message, tree, schema.getSchemaNode()))));
        problems.addAll(found);
        return found.isEmpty() ? Optional.of(BINDER.treeToValue(tree, type)) : Optional.empty();
    }

    private static JsonSchema schema(String name) {
        try (InputStream json =
                CatalogFiles.class.getResourceAsStream("/schema/" + name + ".schema.json")) {
            SchemaValidatorsConfig config =
                    SchemaValidatorsConfig.builder().pathType(PathType.JSON_POINTER).build();
            return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                    .getSchema(json, config);
        } catch (IOException e) {
            throw new IllegalStateException("Schema " + name + " is not on the class path", e);
        }
    }
}
