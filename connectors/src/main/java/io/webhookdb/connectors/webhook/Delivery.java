package io.webhookdb.connectors.webhook;

import io.webhookdb.schemas.trace.TraceContext;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;
import org.apache.flink.statefun.sdk.java.TypeName;
import org.apache.flink.statefun.sdk.java.types.SimpleType;
import org.apache.flink.statefun.sdk.java.types.Type;

/**
 * One change on its way to one subscription.
 *
 * @param subscription opaque id
 * @param organization numeric id
 * @param integration opaque id; empty for a test
 * @param id what the receiver sees as {@code webhook-id}
 * @param kind how it is treated
 * @param cause why it is made
 * @param changedAt when the change was announced, milliseconds since the epoch; 0 if unknown
 * @param attempt the attempt to be made next, 1 or more
 * @param postponed how often the attempt to be made next was put off
 * @param scope what it waits for others of: the row if ordered; if not, the change
 * @param place whether the attempt to be made next has its place in the rate limit
 * @param body what is posted
 * @param trace the trace of the change; null if it is in none
 */
public record Delivery(
        String subscription,
        long organization,
        String integration,
        String id,
        Kind kind,
        Cause cause,
        long changedAt,
        int attempt,
        int postponed,
        String scope,
        Place place,
        byte[] body,
        TraceContext trace) {
    private static final int FORMAT = 2;

    /** With the trace at its end. Others keep the shorter form. */
    private static final int TRACED = 3;

    /** Payload of messages to the delivery function. */
    public static final Type<Delivery> TYPE =
            SimpleType.simpleImmutableTypeFrom(
                    TypeName.typeNameOf("io.webhookdb.types", "delivery"),
                    Delivery::encode,
                    Delivery::read);

    /** How a delivery is treated. */
    public enum Kind {
        /** Alone. */
        PARALLEL,
        /** After the earlier ones of its row. */
        ORDERED,
        /** Once, whatever comes of it. */
        TEST
    }

    /** Why a delivery is made. */
    public enum Cause {
        CHANGE,
        /** Somebody asked for it again. */
        RECOVERY
    }

    /** Whether an attempt has its place in the rate limit. */
    enum Place {
        OPEN,
        RESERVED
    }

    /** A delivery that was not tried yet. */
    public static Delivery fresh(
            String subscription,
            long organization,
            String integration,
            String id,
            Kind kind,
            Cause cause,
            long changedAt,
            String scope,
            byte[] body) {
        return new Delivery(
                subscription,
                organization,
                integration,
                id,
                kind,
                cause,
                changedAt,
                1,
                0,
                scope,
                Place.OPEN,
                body,
                null);
    }

    Delivery next() {
        return at(attempt + 1, 0, Place.OPEN);
    }

    Delivery postponedOnce(Place newPlace) {
        return at(attempt, postponed + 1, newPlace);
    }

    private Delivery at(int newAttempt, int newPostponed, Place newPlace) {
        return new Delivery(
                subscription,
                organization,
                integration,
                id,
                kind,
                cause,
                changedAt,
                newAttempt,
                newPostponed,
                scope,
                newPlace,
                body,
                trace);
    }

    /** With another body. */
    public Delivery saying(byte[] newBody) {
        return new Delivery(
                subscription,
                organization,
                integration,
                id,
                kind,
                cause,
                changedAt,
                attempt,
                postponed,
                scope,
                place,
                newBody,
                trace);
    }

    /** In a trace; null for none. */
    public Delivery in(TraceContext newTrace) {
        if (Objects.equals(trace, newTrace)) {
            return this;
        }
        return new Delivery(
                subscription,
                organization,
                integration,
                id,
                kind,
                cause,
                changedAt,
                attempt,
                postponed,
                scope,
                place,
                body,
                newTrace);
    }

    /** Whether it comes from outside and not from the function itself. */
    boolean isNew() {
        return attempt == 1 && postponed == 0;
    }

    /** The form in messages and state. */
    public byte[] encode() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(body.length + 200);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(trace == null ? FORMAT : TRACED);
            out.writeUTF(subscription);
            out.writeLong(organization);
            out.writeUTF(integration);
            out.writeUTF(id);
            out.writeByte(kind.ordinal());
            out.writeInt(attempt);
            out.writeInt(postponed);
            out.writeByte(cause.ordinal());
            out.writeLong(changedAt);
            out.writeUTF(scope);
            out.writeByte(place.ordinal());
            out.writeInt(body.length);
            out.write(body);
            if (trace != null) {
                out.writeUTF(trace.parent());
                out.writeUTF(trace.state() == null ? "" : trace.state());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** Reads {@link #encode}'s form, and those of earlier releases, which state may still hold. */
    public static Delivery read(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int format = in.readByte();
            if (format < 1 || format > TRACED) {
                throw new IllegalArgumentException(
                        "Delivery of format " + format + ", expected 1 to " + TRACED);
            }
            String subscription = in.readUTF();
            long organization = in.readLong();
            String integration = in.readUTF();
            String id = in.readUTF();
            Kind kind = Kind.values()[in.readByte()];
            int attempt = in.readInt();
            int postponed = in.readInt();
            boolean first = format == 1;
            return new Delivery(
                    subscription,
                    organization,
                    integration,
                    id,
                    kind,
                    first ? Cause.CHANGE : Cause.values()[in.readByte()],
                    first ? 0 : in.readLong(),
                    attempt,
                    postponed,
                    first ? "" : in.readUTF(),
                    first ? Place.OPEN : Place.values()[in.readByte()],
                    in.readNBytes(in.readInt()),
                    format < TRACED ? null : TraceContext.of(in.readUTF(), in.readUTF()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Never prints the payload. */
    @Override
    public String toString() {
        return "Delivery[" + id + " to " + subscription + ", attempt " + attempt + "]";
    }
}
