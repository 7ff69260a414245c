package io.webhookdb.schemas.catalog;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * How existing resources are fetched: what to ask, how to authenticate, where the items are, how
 * the next page is found, what an incremental run leaves out, when to run. Everything a vendor's
 * resources share stands in its vendor file; each member a resource gives replaces the vendor's.
 *
 * @param base URL the paths are appended to, without a trailing slash
 * @param credentials whose credentials are used; null is {@link Credentials#OWN}
 * @param auth how requests authenticate
 * @param headers request headers
 * @param path path of the listing; empty: the base is the whole URL
 * @param query fixed query parameters
 * @param passes a full listing per pass, each with these further parameters; empty: one pass. A
 *     parameter that the path or an injection names is no query parameter
 * @param items where the items of an answer are
 * @param pagination how the next page is found
 * @param incremental what a run after the first can leave out
 * @param range by which times a person may restrict a run, where {@code incremental} does not tell;
 *     null: it does, or nothing does
 * @param fanOut one listing per row of another table; null: one listing
 * @param derived items are taken out of the rows of another table, nothing is asked; null: no
 * @param detail a further request per item; null: none
 * @param fetch events that only name a resource, and where it is fetched; null: none
 * @param missing how rows a complete listing does not have are told; null: they are left alone
 * @param answers statuses that are no failure
 * @param schedule when to run unasked; null: only when asked
 * @param watch how the vendor is asked to notify of changes of each row fanned out over; null: not
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Backfill(
        BackfillValue base,
        Credentials credentials,
        BackfillAuth auth,
        List<BackfillParameter> headers,
        List<BackfillValue> path,
        List<BackfillParameter> query,
        List<List<BackfillParameter>> passes,
        BackfillItems items,
        BackfillPagination pagination,
        BackfillIncremental incremental,
        BackfillRange range,
        BackfillFanOut fanOut,
        BackfillDerived derived,
        BackfillDetail detail,
        BackfillFetch fetch,
        BackfillMissing missing,
        List<BackfillAnswer> answers,
        BackfillSchedule schedule,
        BackfillWatch watch) {

    /** Whose credentials and base a request uses. */
    public enum Credentials {
        /** Those of the integration itself. */
        OWN,
        /** Those of the nearest ancestor that has some. */
        INHERITED
    }

    /** Names of parameters of a pass that are used elsewhere than in the query. */
    public Set<String> namedOfPass() {
        Set<String> names = new TreeSet<>();
        path.stream().map(BackfillValue::pass).filter(Objects::nonNull).forEach(names::add);
        items.inject().stream()
                .map(BackfillItems.Injection::pass)
                .filter(Objects::nonNull)
                .forEach(names::add);
        return names;
    }

    /**
     * The path of the listing in a pass.
     *
     * @param pass its number, from 0
     */
    public List<BackfillValue> path(int pass) {
        return path.stream()
                .map(
                        value ->
                                value.pass() == null
                                        ? value
                                        : BackfillValue.of(ofPass(pass, value.pass())))
                .toList();
    }

    /**
     * The fixed text of a parameter of a pass.
     *
     * @param number of the pass, from 0
     */
    public String ofPass(int number, String name) {
        return passes.get(number).stream()
                .filter(parameter -> parameter.name().equals(name))
                .map(parameter -> parameter.value().text())
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("Pass " + number + " has no " + name));
    }

    /** This block, with the vendor's members where it has none of its own. */
    Backfill over(Backfill vendor) {
        if (vendor == null) {
            return completed();
        }
        return new Backfill(
                        own(base, vendor.base),
                        own(credentials, vendor.credentials),
                        own(auth, vendor.auth),
                        own(headers, vendor.headers),
                        own(path, vendor.path),
                        own(query, vendor.query),
                        own(passes, vendor.passes),
                        own(items, vendor.items),
                        own(pagination, vendor.pagination),
                        own(incremental, vendor.incremental),
                        own(range, vendor.range),
                        own(fanOut, vendor.fanOut),
                        own(derived, vendor.derived),
                        own(detail, vendor.detail),
                        own(fetch, vendor.fetch),
                        own(missing, vendor.missing),
                        own(answers, vendor.answers),
                        own(schedule, vendor.schedule),
                        own(watch, vendor.watch))
                .completed();
    }

    /**
     * With what absence stands for. Not done when read: absence lets the vendor's member through.
     */
    private Backfill completed() {
        return new Backfill(
                base,
                own(credentials, Credentials.OWN),
                own(auth, BackfillAuth.NONE),
                own(headers, List.of()),
                own(path, List.of()),
                own(query, List.of()),
                own(passes, List.of()),
                own(items, BackfillItems.BODY),
                own(pagination, BackfillPagination.NONE),
                own(incremental, BackfillIncremental.NONE),
                range,
                fanOut,
                derived,
                detail,
                fetch,
                missing,
                own(answers, List.of()),
                schedule,
                watch);
    }

    private static <T> T own(T own, T inherited) {
        return own == null ? inherited : own;
    }
}
