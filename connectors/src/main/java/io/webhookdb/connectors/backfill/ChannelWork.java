package io.webhookdb.connectors.backfill;

import io.webhookdb.connectors.backfill.BackfillDirectory.Known;
import io.webhookdb.connectors.backfill.ChannelPlan.Asked;
import io.webhookdb.schemas.catalog.BackfillToken;
import io.webhookdb.schemas.catalog.BackfillWatch;
import io.webhookdb.schemas.catalog.Owners;
import io.webhookdb.schemas.control.IntegrationControl;
import io.webhookdb.security.signature.ChannelToken;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;

/**
 * Has vendors notify of changes of rows: a channel per row that is listed, renewed before it ends.
 * Without an ingest URL that vendors reach, or a key that ingest would know, rows are only polled.
 */
final class ChannelWork {
    private static final int MOST_ON_THE_WAY = 2;
    private static final Duration AGAIN = Duration.ofHours(1);

    private final String ingestUrl;
    private final BackfillDirectory directory;
    private final BackfillState state;
    private final Host host;
    private final Amendments amendments;

    ChannelWork(
            BackfillSettings settings,
            BackfillDirectory directory,
            BackfillState state,
            Host host,
            Amendments amendments) {
        this.ingestUrl = settings.ingestUrl();
        this.directory = directory;
        this.state = state;
        this.host = host;
        this.amendments = amendments;
    }

    /** What belongs to an owner who is gone is not watched any more; channels end by themselves. */
    void ended(Account account, String owner) throws Exception {
        for (Map.Entry<String, ChannelNote> one : new ArrayList<>(account.channels.entrySet())) {
            Known known = directory.find(one.getValue().integration()).orElse(null);
            BackfillToken token =
                    known == null || known.backfill() == null
                            ? null
                            : OwnerTokens.of(known.backfill().auth());
            if (token != null && one.getValue().parent().text(token.key()).equals(owner)) {
                account.channels.remove(one.getKey());
                state.removeChannel(one.getKey());
            }
        }
    }

    /** An owner's message brought the key of the integration's channels. */
    void key(Account account, String sealed) throws Exception {
        if (sealed != null) {
            account.note = account.note.keyed(sealed);
            state.put(account.note);
        }
    }

    /** A row was listed to its end. */
    void listed(Account account, RunState run, ParentRow parent) throws Exception {
        Known known = directory.find(run.integration).orElse(null);
        if (ingestUrl.isEmpty()
                || parent == null
                || !parent.hasToken()
                || known == null
                || known.backfill().watch() == null
                || OwnerNotes.isGone(account, known, parent)) {
            return;
        }
        String key = known.backfill().fanOut().over() + "\n" + parent.key();
        long now = host.now();
        ChannelNote before = account.channels.get(key);
        put(
                account,
                key,
                before == null
                        ? new ChannelNote(run.integration, parent, null, now, now)
                        : before.listed(parent, now));
    }

    private void put(Account account, String key, ChannelNote note) throws Exception {
        account.channels.put(key, note);
        state.put(key, note);
        account.channelsDueAt = Math.min(account.channelsDueAt, note.dueAtMillis());
    }

    /** The channel of that name; empty if it is none of ours, or not any more. */
    static Optional<ChannelNote> find(Account account, String channel) {
        return account.channels.values().stream()
                .filter(note -> channel.equals(note.channel()))
                .findFirst();
    }

    /** Makes and renews what is due. */
    void pump(Account account) throws Exception {
        long now = host.now();
        if (account.note.channelKey() == null || account.channels.isEmpty()) {
            return;
        }
        if (account.channelsDueAt <= now) {
            account.channelsDueAt = Long.MAX_VALUE;
            for (Map.Entry<String, ChannelNote> one :
                    new ArrayList<>(account.channels.entrySet())) {
                if (one.getValue().dueAtMillis() <= now
                        && !account.channelsAsked.contains(one.getKey())
                        && account.channelsAsked.size() < MOST_ON_THE_WAY
                        && host.mayAsk(account)) {
                    ask(account, one.getKey(), one.getValue());
                } else if (!account.channelsAsked.contains(one.getKey())) {
                    account.channelsDueAt =
                            Math.min(account.channelsDueAt, one.getValue().dueAtMillis());
                }
            }
        }
        if (account.channelsDueAt > now && account.channelsDueAt < Long.MAX_VALUE) {
            host.wake(account, account.channelsDueAt);
        }
    }

    private void ask(Account account, String key, ChannelNote note) throws Exception {
        Known known = directory.find(note.integration()).orElse(null);
        BackfillWatch watch = known == null ? null : known.backfill().watch();
        long now = host.now();
        if (watch == null || now - note.listedAtMillis() > watch.lifetimeSeconds() * 1000L) {
            // Its integration is gone, or the row is: a channel nobody renews ends by itself.
            account.channels.remove(key);
            state.removeChannel(key);
            return;
        }
        ChannelPlan plan = new ChannelPlan(watch);
        Asked asked;
        try {
            String endpoint = ingestUrl + "/v1/service_integrations/" + account.key;
            asked =
                    plan.ask(
                            new RequestPlan(
                                    known.backfill(), known.access().knowing(account.owners)),
                            note,
                            endpoint,
                            token(account, known),
                            Instant.ofEpochMilli(now));
        } catch (ApiException e) {
            put(account, key, note.due(now + AGAIN.toMillis()));
            return;
        }
        account.channelsAsked.add(key);
        host.post(
                account,
                asked.request(),
                (answer, failure) -> told(account, key, plan, asked, answer, failure));
    }

    private static String token(Account account, Known known) throws ApiException {
        OwnerTokens owners = known.access().owners();
        return ChannelToken.make(
                new OwnerTokens(owners.opener(), owners.integration(), Owners.CHANNEL_KEY)
                        .open(account.note.channelKey()));
    }

    /** Whatever a channel is refused for, its row is polled; it is asked for again much later. */
    private void told(
            Account account,
            String key,
            ChannelPlan plan,
            Asked asked,
            ApiAnswer answer,
            ApiException failure)
            throws Exception {
        account.channelsAsked.remove(key);
        ChannelNote note = account.channels.get(key);
        if (note == null) {
            return;
        }
        long later = host.now() + AGAIN.toMillis();
        if (failure != null) {
            put(account, key, note.due(later));
            return;
        }
        try {
            ChannelPlan.Told told = plan.told(note, asked, answer);
            put(account, key, told.note());
            amend(account, note, told);
        } catch (ApiException e) {
            boolean gone = answer.status() == 404 || answer.status() == 410;
            put(account, key, gone ? note.named(null, later) : note.due(later));
        }
    }

    /** The row says what channel it has. */
    private void amend(Account account, ChannelNote note, ChannelPlan.Told told) throws Exception {
        Known known = directory.find(note.integration()).orElse(null);
        if (known == null || told.members().isEmpty()) {
            return;
        }
        Optional<IntegrationControl> over =
                directory.ofService(
                        known.integration().organization(), known.backfill().fanOut().over());
        if (over.isPresent()) {
            amendments.add(account, over.get().id(), note.parent().key(), told.members());
        }
    }
}
