package io.webhookdb.connectors.sync;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AdmissionTest {
    @Test
    void leavesThreadsToOtherOrganizations() {
        Admission admission = new Admission(3, 2);
        assertThat(admission.enter(1, "a")).isTrue();
        assertThat(admission.enter(1, "b")).isTrue();
        assertThat(admission.enter(1, "c")).isFalse();
        assertThat(admission.enter(2, "d")).isTrue();
        assertThat(admission.enter(3, "e")).isFalse();
    }

    @Test
    void callsWhoWaitedFirstAndFits() {
        Admission admission = new Admission(2, 1);
        admission.enter(1, "a");
        admission.enter(2, "b");
        admission.enter(1, "waits for 1");
        admission.enter(3, "waits for any");

        assertThat(admission.leave(2)).containsExactly("waits for any");
        assertThat(admission.enter(3, "waits for any")).isTrue();
        assertThat(admission.leave(1)).containsExactly("waits for 1");
        assertThat(admission.enter(1, "waits for 1")).isTrue();
        assertThat(admission.leave(1)).isEmpty();
    }
}
