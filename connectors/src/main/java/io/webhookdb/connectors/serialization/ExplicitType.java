package io.webhookdb.connectors.serialization;

import org.apache.flink.api.common.serialization.SerializerConfig;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;

/**
 * A stream type whose serializer is named rather than derived, so that its form on the wire and in
 * state changes only when someone changes the serializer.
 *
 * @param <T> type of the elements
 */
public final class ExplicitType<T> extends TypeInformation<T> {
    private final Class<T> type;
    private final VersionedSerializer<T> serializer;

    private ExplicitType(Class<T> type, VersionedSerializer<T> serializer) {
        this.type = type;
        this.serializer = serializer;
    }

    /** The type of those elements. */
    public static <T> ExplicitType<T> of(Class<T> type, VersionedSerializer<T> serializer) {
        return new ExplicitType<>(type, serializer);
    }

    @Override
    public TypeSerializer<T> createSerializer(SerializerConfig config) {
        return serializer;
    }

    @Override
    public Class<T> getTypeClass() {
        return type;
    }

    @Override
    public boolean isBasicType() {
        return false;
    }

    @Override
    public boolean isTupleType() {
        return false;
    }

    @Override
    public int getArity() {
        return 1;
    }

    @Override
    public int getTotalFields() {
        return 1;
    }

    @Override
    public boolean isKeyType() {
        return false;
    }

    @Override
    public boolean canEqual(Object other) {
        return other instanceof ExplicitType;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ExplicitType<?> that
                && that.type == type
                && that.serializer.equals(serializer);
    }

    @Override
    public int hashCode() {
        return type.hashCode();
    }

    @Override
    public String toString() {
        return type.getSimpleName();
    }
}
