package io.webhookdb.security.keyset;

import java.util.List;

/**
 * The keys a process has loaded, by their ids.
 *
 * @param keyset name of the file without its ending
 * @param primary what it encrypts with
 * @param all what it can decrypt with; of a public keyset what it could encrypt with
 */
public record HeldKeys(String keyset, long primary, List<Long> all) {
    public HeldKeys {
        all = List.copyOf(all);
    }
}
