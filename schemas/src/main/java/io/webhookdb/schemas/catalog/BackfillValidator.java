package io.webhookdb.schemas.catalog;

import static io.webhookdb.schemas.catalog.ProblemList.word;

import io.webhookdb.schemas.catalog.BackfillIncremental.Style;

/** Checks that every part of a backfill has what its style needs. */
final class BackfillValidator {
    private static final String AT = "/backfill";

    private final ServiceDefinition service;
    private final ProblemList problems;

    BackfillValidator(ServiceDefinition service, ProblemList problems) {
        this.service = service;
        this.problems = problems;
    }

    void check() {
        Backfill backfill = service.backfill();
        if (backfill == null) {
            if (service.supportsBackfill()
                    && service.routes() == null
                    && service.owners() == null) {
                problems.add(AT, "", "the service has this mode, so it needs a request");
            }
            return;
        }
        if (backfill.derived() == null) {
            problems.require(backfill.base(), AT + "/base", "a request");
        }
        auth(backfill.auth());
        pagination(backfill.pagination());
        incremental(backfill.incremental());
        inherited(backfill);
        ofRows(backfill);
        ofPasses(backfill);
    }

    private void ofPasses(Backfill backfill) {
        for (String name : backfill.namedOfPass()) {
            boolean everyOne =
                    !backfill.passes().isEmpty()
                            && backfill.passes().stream()
                                    .allMatch(
                                            pass ->
                                                    pass.stream()
                                                            .anyMatch(one -> isFixed(one, name)));
            if (!everyOne) {
                problems.add(
                        AT + "/passes", name, "it is used, so every pass gives it a fixed text");
            }
        }
    }

    private static boolean isFixed(BackfillParameter parameter, String name) {
        return parameter.name().equals(name) && parameter.value().text() != null;
    }

    private void auth(BackfillAuth auth) {
        String who = "scheme " + word(auth.scheme());
        switch (auth.scheme()) {
            case BASIC -> problems.require(auth.username(), AT + "/auth/username", who);
            case BEARER -> {
                BackfillRefresh refresh = auth.refresh();
                if (refresh == null || refresh.token() == null) {
                    problems.require(auth.secret(), AT + "/auth/secret", who);
                }
                if (refresh != null) {
                    problems.require(refresh.url(), AT + "/auth/refresh/url", who);
                    problems.require(refresh.client(), AT + "/auth/refresh/client", who);
                }
            }
            case HEADER, QUERY -> {
                problems.require(auth.name(), AT + "/auth/name", who);
                problems.require(auth.secret(), AT + "/auth/secret", who);
            }
            case NONE -> {}
        }
    }

    private void pagination(BackfillPagination pagination) {
        String at = AT + "/pagination/";
        String who = "style " + word(pagination.style());
        switch (pagination.style()) {
            case CURSOR -> {
                problems.require(pagination.parameter(), at + "parameter", who);
                next(pagination, at, who);
            }
            case NEXT_PATH -> next(pagination, at, who);
            case LAST_ITEM -> {
                problems.require(pagination.parameter(), at + "parameter", who);
                problems.require(pagination.item(), at + "item", who);
                problems.require(pagination.more(), at + "more", who);
            }
            case PAGE_NUMBER -> {
                problems.require(pagination.parameter(), at + "parameter", who);
                problems.require(pagination.total(), at + "total", who);
            }
            case NONE, LINK_HEADER -> {}
        }
        if ((pagination.size() == null) != (pagination.sizeParameter() == null)) {
            problems.add(at + "size", "", "size and size-parameter come together");
        }
    }

    private void next(BackfillPagination pagination, String at, String who) {
        if (pagination.next().isEmpty()) {
            problems.add(at + "next", "", who + " needs it");
        }
    }

    private void incremental(BackfillIncremental incremental) {
        String at = AT + "/incremental/";
        String who = "style " + word(incremental.style());
        if (incremental.style() == Style.PARAMETER) {
            problems.require(incremental.parameter(), at + "parameter", who);
        }
        if (incremental.style() == Style.STOP) {
            problems.require(incremental.pointer(), at + "pointer", who);
        }
        if (incremental.style() != Style.NONE) {
            problems.require(incremental.format(), at + "format", who);
        }
    }

    private void ofRows(Backfill backfill) {
        BackfillRefresh refresh = backfill.auth().refresh();
        boolean ofOwners = refresh != null && refresh.token() != null;
        if (ofOwners && backfill.fanOut() == null) {
            problems.add(AT + "/fan-out", "", "each row has a token, so it is needed");
        }
        if (backfill.incremental().ofRows() && backfill.fanOut() == null) {
            problems.add(AT + "/fan-out", "", "each row has a watermark, so it is needed");
        }
    }

    private void inherited(Backfill backfill) {
        if (backfill.credentials() == Backfill.Credentials.INHERITED && service.parent() == null) {
            problems.add(AT + "/credentials", "inherited", "the service has no parent");
        }
        boolean readsParent =
                backfill.path().stream().anyMatch(value -> value.parent() != null)
                        || backfill.items().inject().stream().anyMatch(one -> one.parent() != null);
        if (readsParent && backfill.fanOut() == null) {
            problems.add(AT + "/fan-out", "", "values of a parent row are used, so it is needed");
        }
    }
}
