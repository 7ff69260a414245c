package io.webhookdb.connectors.replica;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class IdleConnectionsTest {
    private final IdleConnections<String, String> idle = new IdleConnections<>();

    @BeforeEach
    void fill() {
        idle.add("orders", "east", "orders 1", 1);
        idle.add("invoices", "east", "invoices 1", 2);
        idle.add("orders", "east", "orders 2", 3);
        idle.add("notes", "west", "notes 1", 4);
    }

    @Test
    void theOneUsedLastComesFirst() {
        assertThat(idle.take("orders")).contains("orders 2");
        assertThat(idle.take("orders")).contains("orders 1");
        assertThat(idle.take("orders")).isEmpty();
        assertThat(idle.take("invoices")).contains("invoices 1");
    }

    @Test
    void roomIsMadeOnTheServerThatNeedsItByTheOneIdleLongest() {
        assertThat(idle.takeOldest("east")).contains("orders 1");
        assertThat(idle.takeOldest("east")).contains("invoices 1");
        assertThat(idle.takeOldest("east")).contains("orders 2");
        assertThat(idle.takeOldest("east")).isEmpty();
        assertThat(idle.take("orders")).isEmpty();
        assertThat(idle.takeOldest("west")).contains("notes 1");
    }

    @Test
    void oneThatIsUsedAgainIsTheYoungest() {
        String again = idle.take("invoices").orElseThrow();
        idle.add("invoices", "east", again, 5);
        assertThat(idle.takeOldest("east")).contains("orders 1");
        assertThat(idle.takeOldest("east")).contains("orders 2");
        assertThat(idle.takeOldest("east")).contains("invoices 1");
    }

    @Test
    void onlyTheOldOnesAreTaken() {
        assertThat(idle.takeIdleSince(0)).isEmpty();
        assertThat(idle.takeIdleSince(2)).containsExactly("orders 1", "invoices 1");
        assertThat(idle.take("orders")).contains("orders 2");
        assertThat(idle.takeIdleSince(4)).containsExactly("notes 1");
    }

    @Test
    void allAreTakenAtTheEnd() {
        assertThat(idle.takeAll())
                .containsExactlyInAnyOrder("orders 1", "invoices 1", "orders 2", "notes 1");
        assertThat(idle.takeAll()).isEmpty();
        assertThat(idle.take("notes")).isEmpty();
        assertThat(idle.takeOldest("east")).isEmpty();
    }
}
