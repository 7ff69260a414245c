package io.webhookdb.controlplane.provisioner;

import java.util.Arrays;

/**
 * What an organization has for itself on its server, beside its two roles. Chosen when it is
 * placed; a change of the setting leaves those that are placed where they are.
 */
public enum Isolation {
    /** A database; tables in schema {@code public}. */
    DATABASE_USER("database+user"),
    /** A database and in it a schema with a random name. */
    DATABASE_SCHEMA_USER("database+schema+user"),
    /**
     * A schema with a random name in a database that all organizations of the server share. Names
     * of the others' tables can be seen in the catalog, their rows and queries cannot.
     */
    SCHEMA_USER("schema+user");

    private final String word;

    Isolation(String word) {
        this.word = word;
    }

    /**
     * Parses the setting's word.
     *
     * @throws IllegalArgumentException naming the words that are allowed
     */
    public static Isolation of(String word) {
        return Arrays.stream(values())
                .filter(mode -> mode.word.equals(word))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "Unknown isolation mode \""
                                                + word
                                                + "\". Allowed: "
                                                + Arrays.stream(values()).map(m -> m.word).toList()
                                                + "."));
    }
}
