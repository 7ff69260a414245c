package io.webhookdb.ingest;

import static io.webhookdb.ingest.TestingControl.STRIPE;
import static io.webhookdb.ingest.TestingControl.definition;
import static io.webhookdb.ingest.TestingControl.integration;
import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.schemas.control.ControlHeartbeat;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WaitingRoomTest {
    private final ControlView control = new ControlView(TestingControl.CIPHER);
    private final WaitingRoom room = new WaitingRoom(control, 2);

    @Test
    void wakesOnlyThoseWhoseIntegrationIsDecided() {
        CountingGuest early = new CountingGuest("svi_a", 100);
        CountingGuest late = new CountingGuest("svi_b", 300);
        assertThat(room.enter(early)).isTrue();
        assertThat(room.enter(late)).isTrue();

        control.apply(new ControlHeartbeat(200));
        room.wakeDecided();

        assertThat(early.wakes).hasValue(1);
        assertThat(late.wakes).hasValue(0);
        assertThat(room.size()).isEqualTo(1);
        control.apply(definition(STRIPE));
        control.apply(integration("svi_b", STRIPE, "s"));
        room.wakeDecided();
        room.wakeDecided();
        assertThat(late.wakes).hasValue(1);
        assertThat(room.size()).isZero();
    }

    @Test
    void wakesAtTheDoorWhenTheNewsCameFirst() {
        control.apply(new ControlHeartbeat(200));
        CountingGuest guest = new CountingGuest("svi_a", 100);

        assertThat(room.enter(guest)).isTrue();

        assertThat(guest.wakes).hasValue(1);
        assertThat(room.size()).isZero();
    }

    @Test
    void hasSoManyPlacesAndGetsThemBack() {
        CountingGuest first = new CountingGuest("svi_a", 1);
        room.enter(first);
        room.enter(new CountingGuest("svi_b", 1));
        assertThat(room.enter(new CountingGuest("svi_c", 1))).isFalse();

        assertThat(room.leave(first)).isTrue();
        assertThat(room.leave(first)).isFalse();

        assertThat(room.enter(new CountingGuest("svi_c", 1))).isTrue();
        assertThat(room.enter(new CountingGuest("svi_d", 1))).isFalse();
    }

    @Test
    void exactlyOneEndsAWait() throws Exception {
        for (int round = 0; round < 2000; round++) {
            ControlView news = new ControlView(TestingControl.CIPHER);
            WaitingRoom contested = new WaitingRoom(news, 1);
            CountingGuest guest = new CountingGuest("svi_a", 1);
            contested.enter(guest);
            CyclicBarrier start = new CyclicBarrier(2);
            Thread reader =
                    new Thread(
                            () -> {
                                pass(start);
                                news.apply(new ControlHeartbeat(2));
                                contested.wakeDecided();
                            });
            reader.start();
            pass(start);
            int left = contested.leave(guest) ? 1 : 0;
            reader.join();

            assertThat(guest.wakes.get() + left).isEqualTo(1);
            assertThat(contested.size()).isZero();
        }
    }

    private static void pass(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static final class CountingGuest implements WaitingRoom.Guest {
        private final String integration;
        private final long arrivedMicros;
        private final AtomicInteger wakes = new AtomicInteger();

        CountingGuest(String integration, long arrivedMicros) {
            this.integration = integration;
            this.arrivedMicros = arrivedMicros;
        }

        @Override
        public String integration() {
            return integration;
        }

        @Override
        public long arrivedMicros() {
            return arrivedMicros;
        }

        @Override
        public void wake() {
            wakes.incrementAndGet();
        }
    }
}
