package io.webhookdb.controlplane.database;

import io.webhookdb.controlplane.environment.Environment;

/**
 * Brings the application database to this release and ends: 0 when done, 2 with one line that says
 * why not. The other parts do the same at their start; alone it is for installations where a step
 * before them must succeed.
 */
public final class MigrateMain {
    private MigrateMain() {}

    /** Reads {@code WEBHOOKDB_DATABASE_URL}. */
    public static void main(String[] arguments) {
        try {
            migrate(new Environment(System.getenv()));
            System.out.println("The application database is at this release.");
        } catch (RuntimeException e) {
            System.err.println("migrate does not work: " + e.getMessage());
            System.exit(2);
        }
    }

    static void migrate(Environment environment) {
        try (ApplicationDatabase database =
                ApplicationDatabase.open(environment.postgres("WEBHOOKDB_DATABASE_URL"), 1)) {
            database.migrate();
        }
    }
}
