package io.webhookdb.connectors.sync.warehouse;

import io.webhookdb.connectors.sync.SyncException;
import io.webhookdb.connectors.sync.SyncFailure;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Driver;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.concurrent.ConcurrentHashMap;

/**
 * JDBC drivers of vendors, which operators put into a folder: neither in the job's jar nor on its
 * class path, so that their hundred megabytes cost nobody who does not use them, and their
 * libraries meet none of ours. A driver that is on the class path all the same is found there.
 *
 * <p>The folder is {@code WEBHOOKDB_DRIVERS}, or {@code drivers} where the process was started. It
 * is looked at when a target of the kind is opened: a jar put there later is found without a
 * restart.
 */
public final class Drivers {
    private static final String FOLDER = "WEBHOOKDB_DRIVERS";

    /**
     * One loader per jar for as long as the job's classes live: a driver enters itself into the
     * JDK's list of drivers and is never freed, so a second loader would be a leak.
     */
    private static final Map<Path, ClassLoader> LOADERS = new ConcurrentHashMap<>();

    /**
     * A driver to be found.
     *
     * @param jar how the jar's name begins
     * @param coordinate which artifact it is, for the message that asks for it
     * @param packages where its classes are
     */
    public record Vendor(String jar, String coordinate, String packages) {}

    private final Path folder;

    private Drivers(Path folder) {
        this.folder = folder;
    }

    /** Drivers of this process. */
    public static Drivers ofProcess() {
        String named = System.getenv(FOLDER);
        return in(Path.of(named == null || named.isBlank() ? "drivers" : named));
    }

    /** Drivers of a folder, which need not be there. */
    public static Drivers in(Path folder) {
        return new Drivers(folder.toAbsolutePath().normalize());
    }

    /**
     * The driver.
     *
     * @throws SyncException a configuration failure that says which jar belongs where
     */
    public Driver find(Vendor vendor) throws SyncException {
        List<ClassLoader> places = new ArrayList<>();
        for (Path jar : jars(vendor)) {
            places.add(LOADERS.computeIfAbsent(jar, Drivers::loader));
        }
        places.add(Drivers.class.getClassLoader());
        for (ClassLoader place : places) {
            Optional<Driver> driver = find(vendor, place);
            if (driver.isPresent()) {
                return driver.get();
            }
        }
        throw new SyncException(
                SyncFailure.CONFIGURATION,
                "There is no driver for this target. Put "
                        + vendor.jar()
                        + "-VERSION.jar ("
                        + vendor.coordinate()
                        + " of Maven Central) into "
                        + folder
                        + " on every task manager, or set "
                        + FOLDER
                        + " to the folder that has it.");
    }

    private Optional<Driver> find(Vendor vendor, ClassLoader place) throws SyncException {
        try {
            for (Driver driver : ServiceLoader.load(Driver.class, place)) {
                if (driver.getClass().getName().startsWith(vendor.packages())) {
                    return Optional.of(driver);
                }
            }
            return Optional.empty();
        } catch (ServiceConfigurationError | LinkageError e) {
            throw new SyncException(
                    SyncFailure.CONFIGURATION,
                    "A driver cannot be loaded from "
                            + (place.getName() == null ? "the class path" : place.getName())
                            + ". Expected "
                            + vendor.coordinate()
                            + " for Java "
                            + Runtime.version().feature()
                            + ".",
                    null,
                    e);
        }
    }

    private List<Path> jars(Vendor vendor) throws SyncException {
        List<Path> jars = new ArrayList<>();
        if (!Files.isDirectory(folder)) {
            return jars;
        }
        try (DirectoryStream<Path> files =
                Files.newDirectoryStream(folder, vendor.jar() + "*.jar")) {
            files.forEach(jars::add);
        } catch (IOException e) {
            throw new SyncException(
                    SyncFailure.CONFIGURATION, folder + " cannot be read.", null, e);
        }
        jars.sort(null);
        return jars;
    }

    /** Sees the JDK and nothing of ours. */
    private static ClassLoader loader(Path jar) {
        try {
            return new URLClassLoader(
                    jar.toString(),
                    new URL[] {jar.toUri().toURL()},
                    ClassLoader.getPlatformClassLoader());
        } catch (MalformedURLException e) {
            throw new IllegalStateException("a path is a URL: " + jar, e);
        }
    }
}
