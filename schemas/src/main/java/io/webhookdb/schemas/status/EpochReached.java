package io.webhookdb.schemas.status;

/**
 * One subtask writes nothing of an organization to the database of an earlier epoch any more.
 *
 * @param organization numeric id
 * @param epoch epoch of the organization's database
 * @param subtask index of the subtask
 * @param subtasks how many there are
 * @param at ISO-8601 time of this report
 */
public record EpochReached(long organization, long epoch, int subtask, int subtasks, String at)
        implements StatusReport {

    @Override
    public String key() {
        return "organization/" + organization;
    }
}
