package io.webhookdb.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * Which build this is.
 *
 * @param version the project's version
 * @param time when it was built, ISO 8601; fixed per release, so that builds are reproducible
 */
public record Build(String version, String time) {
    /** Reads what the build wrote into the jar. */
    public static Build current() {
        Properties properties = new Properties();
        try (InputStream in = Build.class.getResourceAsStream("build.properties")) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException("build.properties of the jar", e);
        }
        return new Build(properties.getProperty("version"), properties.getProperty("time"));
    }
}
