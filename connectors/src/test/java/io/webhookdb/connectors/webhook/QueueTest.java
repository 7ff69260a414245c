package io.webhookdb.connectors.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class QueueTest {
    private static Delivery delivery(int number) {
        return TestingDeliveries.fresh("c" + number, Delivery.Kind.ORDERED, "1");
    }

    @Test
    void keepsTheFirstAndTheNewest() {
        Queue queue = Queue.EMPTY;
        for (int i = 0; i < Queue.MOST + 5; i++) {
            queue = queue.with(delivery(i));
        }

        assertThat(queue.waiting()).hasSize(Queue.MOST);
        assertThat(queue.head().id()).isEqualTo("c0");
        assertThat(queue.waiting().get(Queue.MOST - 1).id()).isEqualTo("c" + (Queue.MOST + 4));
    }

    @Test
    void comesBackFromStateAsItWas() {
        Queue queue = Queue.EMPTY.with(delivery(1).next()).with(delivery(2));
        var serializer = Queue.TYPE.typeSerializer();

        Queue read = serializer.deserialize(serializer.serialize(queue));

        assertThat(read.head()).usingRecursiveComparison().isEqualTo(delivery(1).next());
        assertThat(read.holds("c2")).isTrue();
    }
}
