package io.webhookdb.connectors.webhook;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
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
 * @param attempt the attempt to be made next, 1 or more
 * @param postponed how often the attempt to be made next was put off
 * @param body what is posted
 */
public record Delivery(
        String subscription,
        long organization,
        String integration,
        String id,
        Kind kind,
        int attempt,
        int postponed,
        byte[] body) {
    private static final int FORMAT = 1;

    /** Payload of messages to the delivery function. */
    public static final Type<Delivery> TYPE =
            SimpleType.simpleImmutableTypeFrom(
                    TypeName.typeNameOf("io.webhookdb.types", "delivery"),
                    Delivery::encode,
                    Delivery::decode);

    /** How a delivery is treated. */
    public enum Kind {
        /** Alone. */
        PARALLEL,
        /** After the earlier ones of its row. */
        ORDERED,
        /** Once, whatever comes of it. */
        TEST
    }

    /** A delivery that was not tried yet. */
    public static Delivery fresh(
            String subscription,
            long organization,
            String integration,
            String id,
            Kind kind,
            byte[] body) {
        return new Delivery(subscription, organization, integration, id, kind, 1, 0, body);
    }

    Delivery next() {
        return new Delivery(
                subscription, organization, integration, id, kind, attempt + 1, 0, body);
    }

    Delivery postponedOnce() {
        return new Delivery(
                subscription, organization, integration, id, kind, attempt, postponed + 1, body);
    }

    /** Whether it comes from outside and not from the function itself. */
    boolean isNew() {
        return attempt == 1 && postponed == 0;
    }

    /** The form in messages and state. */
    public byte[] encode() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(body.length + 200);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(FORMAT);
            out.writeUTF(subscription);
            out.writeLong(organization);
            out.writeUTF(integration);
            out.writeUTF(id);
            out.writeByte(kind.ordinal());
            out.writeInt(attempt);
            out.writeInt(postponed);
            out.writeInt(body.length);
            out.write(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** Reads {@link #encode}'s form. */
    static Delivery decode(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int format = in.readByte();
            if (format != FORMAT) {
                throw new IllegalArgumentException(
                        "Delivery of format " + format + ", expected " + FORMAT);
            }
            return new Delivery(
                    in.readUTF(),
                    in.readLong(),
                    in.readUTF(),
                    in.readUTF(),
                    Kind.values()[in.readByte()],
                    in.readInt(),
                    in.readInt(),
                    in.readNBytes(in.readInt()));
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
