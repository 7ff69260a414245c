package io.webhookdb.connectors.statefun;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.statefun.sdk.java.Context;
import org.apache.flink.statefun.sdk.java.StatefulFunctionSpec;
import org.apache.flink.statefun.sdk.java.StatefulFunctions;
import org.apache.flink.statefun.sdk.java.TypeName;
import org.apache.flink.statefun.sdk.java.ValueSpec;
import org.apache.flink.statefun.sdk.java.io.KafkaEgressMessage;
import org.apache.flink.statefun.sdk.java.message.Message;
import org.apache.flink.statefun.sdk.java.message.MessageBuilder;
import org.apache.flink.statefun.sdk.java.types.SimpleType;
import org.apache.flink.statefun.sdk.java.types.Type;

/**
 * One function that does what the words of its messages say; the test holds the same object as the
 * host.
 */
final class TestingFunctions implements FunctionModule {
    private static final long serialVersionUID = 1L;

    static final String TYPE = "test/words";
    static final String TOPIC = "out";
    static final String TOPIC_BESIDE = "beside";
    static final Type<String> TEXT =
            SimpleType.simpleImmutableTypeFrom(
                    TypeName.typeNameFromString("test.types/text"),
                    text -> text.getBytes(StandardCharsets.UTF_8),
                    bytes -> new String(bytes, StandardCharsets.UTF_8));
    static final ValueSpec<Integer> COUNT = ValueSpec.named("count").withIntType();
    static final ValueSpec<Integer> BRIEF =
            ValueSpec.named("brief").thatExpireAfterWrite(Duration.ofMinutes(1)).withIntType();
    static final ValueSpec<Integer> CALLED =
            ValueSpec.named("called").thatExpiresAfterCall(Duration.ofMinutes(1)).withIntType();

    /** What each call began with: {@code id:word}. */
    final Queue<String> begun = new ConcurrentLinkedQueue<>();

    final Queue<String> control = new ConcurrentLinkedQueue<>();

    /** Futures that a {@code hold} waits for, by id of the address. */
    final transient Map<String, CompletableFuture<Void>> held = new ConcurrentHashMap<>();

    static FunctionMessage message(String id, String word) {
        return new FunctionMessage(
                TYPE,
                id,
                TEXT.typeName().asTypeNameString(),
                word.getBytes(StandardCharsets.UTF_8));
    }

    /** Small limits, fast retries. */
    static FunctionHostSettings settings() {
        return new FunctionHostSettings(
                List.of(TOPIC, TOPIC_BESIDE),
                2,
                8,
                2,
                1 << 20,
                Duration.ofMillis(100),
                10,
                1 << 16,
                1 << 16,
                50,
                5,
                4,
                20,
                Duration.ofSeconds(5),
                Duration.ofMillis(5),
                Duration.ofMillis(20),
                3);
    }

    @Override
    public StatefulFunctions open(MetricGroup metrics, int subtasks) {
        return functions();
    }

    StatefulFunctions functions() {
        return new StatefulFunctions()
                .withStatefulFunction(
                        StatefulFunctionSpec.builder(TypeName.typeNameFromString(TYPE))
                                .withValueSpecs(COUNT, BRIEF, CALLED)
                                .withSupplier(() -> this::apply)
                                .build());
    }

    @Override
    public void control(byte[] json) {
        control.add(new String(json, StandardCharsets.UTF_8));
    }

    /** Ids begin with the name of their lane. */
    @Override
    public String lane(String typename, String id) {
        return id.substring(0, 1);
    }

    @Override
    public FunctionOwner owner(String typename, String id) {
        return new FunctionOwner(7, "svi_" + id);
    }

    private CompletableFuture<Void> apply(Context context, Message message) {
        String id = context.self().id();
        String word = message.as(TEXT);
        begun.add(id + ":" + word);
        String[] words = word.split(" ", 3);
        switch (words[0]) {
            case "count" -> {
                emit(context, id + "=" + (add(context, COUNT)));
            }
            case "brief" -> emit(context, id + "=" + add(context, BRIEF));
            case "called" -> {
                if (context.storage().get(CALLED).isEmpty()) {
                    context.storage().set(CALLED, 1);
                    emit(context, "new");
                } else {
                    emit(context, "kept");
                }
            }
            case "forget" -> context.storage().remove(COUNT);
            case "self" ->
                    context.send(
                            MessageBuilder.forAddress(context.self())
                                    .withCustomType(TEXT, words[1])
                                    .build());
            case "later" ->
                    context.sendAfter(
                            Duration.ofMinutes(1),
                            words[1],
                            MessageBuilder.forAddress(context.self())
                                    .withCustomType(TEXT, words[2])
                                    .build());
            case "cancel" -> context.cancelDelayedMessage(words[1]);
            case "foreign" ->
                    context.send(
                            MessageBuilder.forAddress(TypeName.typeNameFromString(TYPE), "other")
                                    .withCustomType(TEXT, "count")
                                    .build());
            case "beside" -> emitTo(context, TOPIC_BESIDE, id);
            case "nowhere" -> emitTo(context, "nowhere", id);
            case "fail" -> {
                add(context, COUNT);
                return CompletableFuture.failedFuture(new IllegalStateException("secret"));
            }
            case "throw" -> throw new CompletionException(new IllegalStateException("secret"));
            case "caller" ->
                    emit(context, context.caller().map(caller -> caller.id()).orElse("nobody"));
            case "hold" -> {
                return held.computeIfAbsent(id, i -> new CompletableFuture<>())
                        .thenRun(() -> emit(context, id + "=" + add(context, COUNT)));
            }
            default -> emit(context, id + ":" + word);
        }
        return context.done();
    }

    private static int add(Context context, ValueSpec<Integer> spec) {
        int value = context.storage().get(spec).orElse(0) + 1;
        context.storage().set(spec, value);
        return value;
    }

    private static void emit(Context context, String value) {
        emitTo(context, TOPIC, value);
    }

    private static void emitTo(Context context, String topic, String value) {
        context.send(
                KafkaEgressMessage.forEgress(FunctionHostFactory.KAFKA)
                        .withTopic(topic)
                        .withUtf8Key(context.self().id())
                        .withUtf8Value(value)
                        .build());
    }
}
