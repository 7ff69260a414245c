package io.webhookdb.cli;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What the environment decides. A {@code .env} file in the working directory is not read: a folder
 * somebody else filled must not choose the server that secrets are typed into.
 *
 * @param api the API's address without a trailing slash
 * @param namespace key of this login in the preferences file
 * @param home folder that holds {@code .webhookdb/config}
 * @param verbosity whether requests are traced to standard error
 */
public record Settings(String api, String namespace, Path home, Verbosity verbosity) {
    static final String DEFAULT_API = "http://127.0.0.1:18001";
    private static final Set<String> ON = Set.of("1", "true", "yes", "on");

    /** How much is told about the requests made. */
    public enum Verbosity {
        NORMAL,
        DEBUG
    }

    /**
     * Reads the environment.
     *
     * @throws CliFailure if {@code WEBHOOKDB_API_HOST} is no http(s) address
     */
    public static Settings from(Map<String, String> environment) {
        String api = address(value(environment, "WEBHOOKDB_API_HOST", DEFAULT_API));
        return new Settings(
                api,
                value(environment, "WEBHOOKDB_PREFS_NAMESPACE", api),
                Path.of(value(environment, "HOME", System.getProperty("user.home"))),
                ON.contains(value(environment, "WEBHOOKDB_DEBUG", "").toLowerCase(Locale.ROOT))
                        ? Verbosity.DEBUG
                        : Verbosity.NORMAL);
    }

    private static String value(Map<String, String> environment, String name, String otherwise) {
        String given = environment.getOrDefault(name, "").strip();
        return given.isEmpty() ? otherwise : given;
    }

    private static String address(String given) {
        String trimmed = given;
        while (trimmed.endsWith("/")) {
            trimmed = trimmed.substring(0, trimmed.length() - 1);
        }
        try {
            URI uri = new URI(trimmed);
            if (uri.getRawUserInfo() != null) {
                throw CliFailure.usage(
                        "WEBHOOKDB_API_HOST has a user or password in it; expected the address"
                                + " alone");
            }
            boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            if (web && uri.getHost() != null && uri.getQuery() == null) {
                return trimmed;
            }
        } catch (URISyntaxException e) {
            throw CliFailure.usage(expectation(given), e);
        }
        throw CliFailure.usage(expectation(given));
    }

    private static String expectation(String given) {
        return "WEBHOOKDB_API_HOST is \""
                + given
                + "\"; expected an http:// or https:// address, for example "
                + DEFAULT_API;
    }
}
