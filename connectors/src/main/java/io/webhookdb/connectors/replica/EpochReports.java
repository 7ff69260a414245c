package io.webhookdb.connectors.replica;

import io.webhookdb.connectors.kafka.OutgoingRecord;
import io.webhookdb.schemas.control.ControlRecord.State;
import io.webhookdb.schemas.control.OrganizationControl;
import io.webhookdb.schemas.control.OrganizationControl.Writing;
import io.webhookdb.schemas.status.EpochReached;
import io.webhookdb.schemas.status.StatusCodec;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.util.OutputTag;

/**
 * Says of organizations whose writing is held that this subtask has nothing on its way to their
 * database any more. No batch of theirs starts while they are held, so it is enough that none is in
 * flight. Costs nothing for organizations that are not held.
 */
final class EpochReports {
    private final int subtask;
    private final int subtasks;
    private final Map<Long, Long> held = new HashMap<>();

    /**
     * @param subtask index of this one
     * @param subtasks how many there are
     */
    EpochReports(int subtask, int subtasks) {
        this.subtask = subtask;
        this.subtasks = subtasks;
    }

    /** Takes note of whether the organization is held. */
    void know(OrganizationControl organization) {
        if (organization.state() == State.ACTIVE && organization.writing() == Writing.HELD) {
            held.put(organization.id(), organization.database().epoch());
        } else {
            held.remove(organization.id());
        }
    }

    /** Organizations that are held. */
    List<Long> held() {
        return List.copyOf(held.keySet());
    }

    /**
     * The report on an organization, if it is held and nothing of it is in flight.
     *
     * @param lanes the organization's
     */
    Optional<EpochReached> of(long organization, Collection<Lane> lanes) {
        Long epoch = held.get(organization);
        if (epoch == null || lanes.stream().anyMatch(Lane::isInFlight)) {
            return Optional.empty();
        }
        return Optional.of(
                new EpochReached(organization, epoch, subtask, subtasks, Instant.now().toString()));
    }

    /** Side output of the reports. */
    static OutputTag<OutgoingRecord> tag() {
        return new OutputTag<>("epochs", OutgoingRecord.TYPE);
    }

    /** The record of the status topic. */
    static OutgoingRecord encoded(EpochReached report) {
        return new OutgoingRecord(
                report.key().getBytes(StandardCharsets.UTF_8), StatusCodec.encode(report));
    }
}
