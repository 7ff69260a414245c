package io.webhookdb.standalone;

import java.lang.reflect.Field;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Option;

/**
 * What options are worth that are not given: their variable without the blanks around it, and the
 * standard where that is blank, as files of variables leave it. Elsewhere a blank variable counts
 * as not set, too.
 */
final class EnvironmentDefaults implements IDefaultValueProvider {
    private static final Pattern DECLARED = Pattern.compile("\\$\\{env:(\\w+):-(.*)}");

    private final Map<String, String> environment;

    /** Of this process, as picocli makes one. */
    EnvironmentDefaults() {
        this(System.getenv());
    }

    EnvironmentDefaults(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public String defaultValue(ArgSpec option) {
        return declared(option)
                .map(
                        found -> {
                            String value = environment.getOrDefault(found.group(1), "").strip();
                            return value.isEmpty() ? found.group(2) : value;
                        })
                .orElse(null);
    }

    /** The variable of an option; empty if it has none. */
    static Optional<String> variable(ArgSpec option) {
        return declared(option).map(found -> found.group(1));
    }

    private static Optional<Matcher> declared(ArgSpec option) {
        if (option == null || !(option.userObject() instanceof Field field)) {
            return Optional.empty();
        }
        return Optional.ofNullable(field.getAnnotation(Option.class))
                .map(annotation -> DECLARED.matcher(annotation.defaultValue()))
                .filter(Matcher::matches);
    }
}
