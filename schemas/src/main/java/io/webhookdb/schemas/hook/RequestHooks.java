package io.webhookdb.schemas.hook;

import java.util.Collections;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** The hooks there are. */
public final class RequestHooks {
    private static final Map<String, RequestHook> HOOKS = load();

    private RequestHooks() {}

    /**
     * The hook of that name.
     *
     * @throws IllegalArgumentException naming the allowed ones
     */
    public static RequestHook of(String name) {
        RequestHook hook = HOOKS.get(name);
        if (hook == null) {
            throw new IllegalArgumentException(
                    "Unknown hook \"" + name + "\". Allowed: " + names() + ".");
        }
        return hook;
    }

    /** All names. */
    public static SortedSet<String> names() {
        return new TreeSet<>(HOOKS.keySet());
    }

    private static Map<String, RequestHook> load() {
        SortedMap<String, RequestHook> hooks = new TreeMap<>();
        // The class loader that has this class has its hooks; a job's threads may have another.
        ServiceLoader.load(RequestHook.class, RequestHook.class.getClassLoader())
                .forEach(hook -> hooks.put(hook.name(), hook));
        return Collections.unmodifiableMap(hooks);
    }
}
