package io.webhookdb.connectors.replica;

import io.webhookdb.connectors.kafka.OutgoingRecord;
import io.webhookdb.schemas.control.ControlRecord.State;
import io.webhookdb.schemas.control.OrganizationControl;
import io.webhookdb.schemas.control.OrganizationControl.Writing;
import io.webhookdb.schemas.status.EpochReached;
import io.webhookdb.schemas.status.StatusCodec;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.flink.util.OutputTag;

/**
 * Says of organizations whose writing is held that this subtask has nothing on its way to their
 * database any more. No batch of theirs starts while they are held, so it is enough that none is in
 * flight. Costs nothing for organizations that are not held.
 */
final class EpochReports {
    private final int subtask;
    private final int subtasks;
    private final Lanes lanes;
    private final Consumer<OutgoingRecord> output;
    private final Map<Long, Long> held = new HashMap<>();

    /**
     * @param subtask index of this one
     * @param subtasks how many there are
     * @param output takes records of {@link #tag()}
     */
    EpochReports(int subtask, int subtasks, Lanes lanes, Consumer<OutgoingRecord> output) {
        this.subtask = subtask;
        this.subtasks = subtasks;
        this.lanes = lanes;
        this.output = output;
    }

    /** Takes note of whether the organization is held, and reports if it is. */
    void know(OrganizationControl organization) {
        if (organization.state() == State.ACTIVE && organization.writing() == Writing.HELD) {
            held.put(organization.id(), organization.database().epoch());
        } else {
            held.remove(organization.id());
        }
        report(organization.id());
    }

    /** Reports on all that are held. */
    void reportHeld() {
        List.copyOf(held.keySet()).forEach(this::report);
    }

    /** Reports on an organization, if it is held and nothing of it is in flight. */
    void report(long organization) {
        Long epoch = held.get(organization);
        if (epoch == null
                || lanes.ofOrganization(organization).stream().anyMatch(Lane::isInFlight)) {
            return;
        }
        output.accept(
                encoded(
                        new EpochReached(
                                organization, epoch, subtask, subtasks, Instant.now().toString())));
    }

    /** Side output of the reports. */
    static OutputTag<OutgoingRecord> tag() {
        return new OutputTag<>("epochs", OutgoingRecord.TYPE);
    }

    private static OutgoingRecord encoded(EpochReached report) {
        return new OutgoingRecord(
                report.key().getBytes(StandardCharsets.UTF_8), StatusCodec.encode(report));
    }
}
