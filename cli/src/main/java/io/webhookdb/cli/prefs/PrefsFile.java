package io.webhookdb.cli.prefs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.webhookdb.cli.CliFailure;
import io.webhookdb.cli.api.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * {@code ~/.webhookdb/config}: {@code {"namespaces": {"<api>": {auth_token, email, current_org{id,
 * name, key}}}}}, the file other WebhookDB clients keep. Other namespaces and unknown fields
 * survive a write. Written whole or not at all, readable by its owner only.
 */
public final class PrefsFile {
    private static final String NAMESPACES = "namespaces";
    private final Path file;

    public PrefsFile(Path home) {
        this.file = home.resolve(".webhookdb").resolve("config");
    }

    public Path file() {
        return file;
    }

    /**
     * The login under this namespace, or {@link Login#NONE}.
     *
     * @throws CliFailure if the file cannot be read
     */
    public Login read(String namespace) {
        JsonNode entry = content().path(NAMESPACES).path(namespace);
        return new Login(
                Optional.of(entry.path("auth_token").asText("")).filter(token -> !token.isEmpty()),
                entry.path("email").asText(""),
                ActiveOrganization.read(entry.path("current_org")));
    }

    /** Stores the login under this namespace. */
    public void write(String namespace, Login login) {
        ObjectNode content = content();
        ObjectNode entry = content.withObjectProperty(NAMESPACES).withObjectProperty(namespace);
        entry.put("auth_token", login.token().orElse(""));
        entry.put("email", login.email());
        entry.remove("current_org");
        login.organization()
                .ifPresent(
                        active ->
                                entry.putObject("current_org")
                                        .put("id", active.id())
                                        .put("name", active.name())
                                        .put("key", active.key()));
        store(content);
    }

    /** Removes this namespace. */
    public void forget(String namespace) {
        ObjectNode content = content();
        if (content.path(NAMESPACES) instanceof ObjectNode namespaces
                && namespaces.remove(namespace) != null) {
            store(content);
        }
    }

    /** Removes the file with every login in it. */
    public void delete() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw CliFailure.usage("Cannot delete " + file + ": " + e.getMessage(), e);
        }
    }

    private ObjectNode content() {
        try {
            if (Files.notExists(file) || Files.size(file) == 0) {
                return Json.object();
            }
            if (Json.read(Files.readString(file)) instanceof ObjectNode object) {
                return object;
            }
            throw CliFailure.usage(broken());
        } catch (JsonProcessingException e) {
            throw CliFailure.usage(broken()); // the cause would quote the file, tokens included
        } catch (IOException e) {
            throw CliFailure.usage("Cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    private String broken() {
        return file + " is no JSON object; correct it, or delete it and log in again";
    }

    private void store(ObjectNode content) {
        try {
            PrivateFile.replace(file, Json.pretty(content) + "\n");
        } catch (IOException e) {
            throw CliFailure.usage("Cannot write " + file + ": " + e, e);
        }
    }
}
