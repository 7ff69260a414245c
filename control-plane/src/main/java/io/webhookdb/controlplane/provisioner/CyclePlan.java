package io.webhookdb.controlplane.provisioner;

import io.webhookdb.controlplane.provisioner.WorkList.Listed;
import io.webhookdb.schemas.control.ControlRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;

/**
 * What one look at the list comes to: records to publish, then what to note, and tasks that go to
 * the lanes of servers at once.
 */
final class CyclePlan {
    private static final Duration A_MOMENT = Duration.ofMillis(300);

    private final ServerLanes lanes;
    private final List<ControlRecord> records = new ArrayList<>();
    private final List<Note> notes = new ArrayList<>();

    CyclePlan(ServerLanes lanes) {
        this.lanes = lanes;
    }

    /** Something to write once everything is published. */
    interface Note {
        void write(Handle handle);
    }

    List<ControlRecord> records() {
        return records;
    }

    List<Note> notes() {
        return notes;
    }

    void publish(ControlRecord record) {
        records.add(record);
    }

    void note(Note note) {
        notes.add(note);
    }

    /** The entry stays: the entity is looked at once more, for what comes after publishing. */
    void published(Listed listed, long revision) {
        note(handle -> Ledger.published(handle, listed.kind(), listed.entity(), revision));
    }

    void done(Listed listed) {
        note(handle -> WorkList.done(handle, listed));
    }

    void defer(Listed listed) {
        defer(listed, A_MOMENT);
    }

    void defer(Listed listed, Duration wait) {
        note(handle -> WorkList.defer(handle, listed, wait));
    }

    /** A task on the organization's server, after those that are there. */
    void submit(Listed listed, OrganizationRow organization, Runnable task) {
        submit(organization.database().orElseThrow().server(), listed, task);
    }

    /** The same in a lane of its own; later where that is full. */
    void submit(String lane, Listed listed, Runnable task) {
        if (lanes.submit(lane, listed.name(), task) == ServerLanes.Submission.FULL) {
            defer(listed);
        }
    }
}
