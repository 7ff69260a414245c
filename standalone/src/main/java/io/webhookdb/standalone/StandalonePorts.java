package io.webhookdb.standalone;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The ports a system takes on this machine. They are tried before anything starts: each part would
 * find out by itself, but half a minute later and in words of its own.
 */
final class StandalonePorts {
    private static final int HIGHEST = 65_535;

    private StandalonePorts() {}

    /**
     * Says all that is wrong with them at once. Zero stands for any free port.
     *
     * @throws IllegalArgumentException if one is no port, or is given twice
     * @throws IllegalStateException if another process has one
     */
    static void check(StandaloneOptions options, DataDirectory data) {
        Map<String, Integer> ports = new LinkedHashMap<>();
        ports.put("api", options.apiPort);
        ports.put("ingest", options.ingestPort);
        ports.put("flink", options.flinkPort);
        if (options.databaseUrl.isBlank() || options.servers().isEmpty()) {
            ports.put("postgres", options.postgresPort);
        }
        if (options.kafkaBootstrap.isBlank()) {
            ports.put("kafka", options.kafkaPort);
        }
        refuseUnusable(ports);
        if (Files.exists(data.postgres().resolve("data").resolve("postmaster.pid"))) {
            // It may still run where this system was killed, and is taken over or ended then.
            ports.remove("postgres");
        }
        refuseTaken(ports);
    }

    private static void refuseUnusable(Map<String, Integer> ports) {
        List<String> problems = new ArrayList<>();
        Map<Integer, String> names = new LinkedHashMap<>();
        ports.forEach(
                (name, port) -> {
                    if (port < 0 || port > HIGHEST) {
                        problems.add(
                                named(name, port) + " is no port; allowed are 0 to " + HIGHEST);
                    } else if (port > 0 && names.putIfAbsent(port, name) != null) {
                        problems.add(
                                named(name, port) + " is that of --" + names.get(port) + "-port");
                    }
                });
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(String.join("\n", problems));
        }
    }

    private static void refuseTaken(Map<String, Integer> ports) {
        List<String> problems = new ArrayList<>();
        ports.forEach(
                (name, port) -> {
                    if (port > 0 && !isFree(port)) {
                        problems.add(named(name, port) + " is in use by another process");
                    }
                });
        if (!problems.isEmpty()) {
            throw new IllegalStateException(String.join("\n", problems));
        }
    }

    private static String named(String name, int port) {
        return "Port "
                + port
                + " (--"
                + name
                + "-port, WEBHOOKDB_"
                + name.toUpperCase(Locale.ROOT)
                + "_PORT)";
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            // Connections of a system that has just ended do not keep its port.
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
