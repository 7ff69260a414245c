package io.webhookdb.standalone;

import java.util.Map;

/** In what form the log is written: {@code WEBHOOKDB_LOG_FORMAT}. */
final class LogFormat {
    private static final String VARIABLE = "WEBHOOKDB_LOG_FORMAT";
    private static final String CONFIGURATION = "log4j2.configurationFile";

    private LogFormat() {}

    /**
     * Chooses the configuration; to be called before anything logs.
     *
     * @throws IllegalArgumentException for a word that is none of the forms
     */
    static void choose(Map<String, String> variables) {
        switch (variables.getOrDefault(VARIABLE, "text").strip()) {
            case "", "text" -> {}
            case "json" -> {
                if (System.getProperty(CONFIGURATION) == null) {
                    System.setProperty(
                            CONFIGURATION,
                            "classpath:log4j2.properties,classpath:log4j2-json.properties");
                }
            }
            default ->
                    throw new IllegalArgumentException(
                            VARIABLE
                                    + " is \""
                                    + variables.get(VARIABLE)
                                    + "\", allowed are text and json");
        }
    }
}
