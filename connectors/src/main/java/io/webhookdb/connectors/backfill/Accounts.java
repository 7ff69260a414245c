package io.webhookdb.connectors.backfill;

import io.webhookdb.schemas.control.ControlRecord.State;
import io.webhookdb.schemas.control.IntegrationControl;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** The accounts of this subtask, and which integrations get their scheduled runs from which. */
final class Accounts {
    private final BackfillDirectory directory;
    private final Predicate<String> isOurs;
    private final Reader reader;
    private final Map<String, Account> accounts = new HashMap<>();
    private final Map<String, String> accountOf = new HashMap<>();

    /** Makes a key the current one and reads its state. */
    interface Reader {
        Account read(String key) throws Exception;
    }

    /**
     * @param isOurs whether this subtask has an account's key group
     */
    Accounts(BackfillDirectory directory, Predicate<String> isOurs, Reader reader) {
        this.directory = directory;
        this.isOurs = isOurs;
        this.reader = reader;
    }

    /** All there are now; what is done with them may make more. */
    Collection<Account> all() {
        return List.copyOf(accounts.values());
    }

    boolean has(String key) {
        return isOurs.test(key);
    }

    /** One of ours, read if it is not known. */
    Account get(String key) throws Exception {
        Account known = accounts.get(key);
        if (known != null) {
            return known;
        }
        Account account = reader.read(key);
        accounts.put(key, account);
        return account;
    }

    /** Notes where an integration's scheduled runs belong. */
    void place(IntegrationControl integration) throws Exception {
        String now =
                integration.state() == State.DELETED
                        ? null
                        : directory.account(integration).orElse(null);
        String before = accountOf.get(integration.id());
        if (before != null && !before.equals(now) && accounts.containsKey(before)) {
            accounts.get(before).planned.remove(integration.id());
        }
        accountOf.put(integration.id(), now);
        if (now != null && has(now)) {
            get(now).planned.add(integration.id());
        }
    }

    /** Those that run an integration, or would. */
    List<Account> concerned(String integration) {
        return accounts.values().stream()
                .filter(
                        account ->
                                account.planned.contains(integration)
                                        || account.runs.values().stream()
                                                .anyMatch(
                                                        run -> run.integration.equals(integration)))
                .toList();
    }
}
