package io.webhookdb.ingest;

import io.webhookdb.schemas.status.RecentRequests;
import io.webhookdb.schemas.status.RecentRequests.Request;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The last few requests of each integration and how they were answered, for the control plane.
 * Thread-safe. Memory is bounded: what is too much is left out.
 */
final class RecentAnswers {
    private static final int MOST_INTEGRATIONS = 10_000;

    private final String reporter = "ingest/" + UUID.randomUUID().toString().substring(0, 8);
    private final Map<String, Last> answers = new ConcurrentHashMap<>();

    /** Notes one answer. */
    void answered(Endpoint endpoint, Request request) {
        Last last = answers.get(endpoint.integration());
        if (last == null) {
            if (answers.size() >= MOST_INTEGRATIONS) {
                return;
            }
            last =
                    answers.computeIfAbsent(
                            endpoint.integration(), id -> new Last(endpoint.organization()));
        }
        last.add(request);
    }

    /** Hands what is new to Kafka; what it does not take is forgotten. */
    void send(Publisher publisher) {
        for (String integration : List.copyOf(answers.keySet())) {
            Last last = answers.remove(integration);
            if (last != null) {
                publisher.report(
                        new RecentRequests(
                                last.organization, integration, reporter, last.requests()),
                        result -> {});
            }
        }
    }

    /** Of one integration. */
    private static final class Last {
        private final long organization;
        private final Deque<Request> requests = new ArrayDeque<>();

        Last(long organization) {
            this.organization = organization;
        }

        synchronized void add(Request request) {
            if (requests.size() == RecentRequests.MOST) {
                requests.removeFirst();
            }
            requests.addLast(request);
        }

        synchronized List<Request> requests() {
            return new ArrayList<>(requests);
        }
    }
}
