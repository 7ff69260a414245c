package io.webhookdb.controlplane.api.install;

import io.webhookdb.controlplane.environment.Environment;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The applications an operator has registered at vendors.
 *
 * @param apps by vendor, lower case
 * @param apiBases base URL of vendors' servers by vendor, instead of the catalogue's
 */
public record InstallSettings(Map<String, App> apps, Map<String, String> apiBases) {
    private static final String OAUTH = "WEBHOOKDB_OAUTH_";
    private static final String CLIENT_ID = "_CLIENT_ID";

    /** No vendor's accounts can be connected. */
    public static final InstallSettings NONE = new InstallSettings(Map.of(), Map.of());

    /**
     * An application.
     *
     * @param webhookSecret signs what the vendor sends the application; empty: it is asked for
     */
    public record App(String clientId, String clientSecret, Optional<String> webhookSecret) {
        /** Never prints a secret. */
        @Override
        public String toString() {
            return "App[" + clientId + "]";
        }
    }

    /**
     * From {@code WEBHOOKDB_OAUTH_<VENDOR>_CLIENT_ID}, {@code _CLIENT_SECRET} and {@code
     * _WEBHOOK_SECRET}, and {@code WEBHOOKDB_API_BASE_<VENDOR>}.
     */
    public static InstallSettings of(Environment environment) {
        Map<String, App> apps = new TreeMap<>();
        environment
                .startingWith(OAUTH)
                .forEach(
                        (name, id) -> {
                            if (name.endsWith(CLIENT_ID)) {
                                String vendor =
                                        name.substring(0, name.length() - CLIENT_ID.length());
                                apps.put(
                                        vendor.toLowerCase(Locale.ROOT),
                                        new App(
                                                id,
                                                environment.required(
                                                        OAUTH + vendor + "_CLIENT_SECRET"),
                                                environment.optional(
                                                        OAUTH + vendor + "_WEBHOOK_SECRET")));
                            }
                        });
        Map<String, String> bases = new TreeMap<>();
        environment
                .startingWith("WEBHOOKDB_API_BASE_")
                .forEach((vendor, base) -> bases.put(vendor.toLowerCase(Locale.ROOT), base));
        return new InstallSettings(apps, Collections.unmodifiableMap(bases));
    }
}
