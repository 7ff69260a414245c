package io.webhookdb.connectors.serialization;

import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * A serializer for immutable values that writes its format number before every value, so that a
 * later release reads what an earlier one left in state or in a savepoint.
 *
 * <p>To change a format: raise {@link #format()}, write the new form, and keep reading the old ones
 * in {@link #read}. Subclasses have no state and a public constructor without arguments.
 *
 * @param <T> type of the values; never mutated after creation, arrays included
 */
public abstract class VersionedSerializer<T> extends TypeSerializer<T> {

    /** Number of the form that {@link #write} writes, 0 to 127. */
    protected abstract int format();

    /** Writes the current form. */
    protected abstract void write(T value, DataOutputView out) throws IOException;

    /** Reads any form up to the current one. */
    protected abstract T read(int format, DataInputView in) throws IOException;

    @Override
    public final void serialize(T value, DataOutputView out) throws IOException {
        out.writeByte(format());
        write(value, out);
    }

    @Override
    public final T deserialize(DataInputView in) throws IOException {
        int format = in.readByte();
        if (format < 0 || format > format()) {
            throw new IOException(
                    getClass().getSimpleName()
                            + " found form "
                            + format
                            + ", it reads 0 to "
                            + format()
                            + ". Was this state written by a later release?");
        }
        return read(format, in);
    }

    @Override
    public final T deserialize(T reuse, DataInputView in) throws IOException {
        return deserialize(in);
    }

    @Override
    public final void copy(DataInputView in, DataOutputView out) throws IOException {
        serialize(deserialize(in), out);
    }

    @Override
    public final boolean isImmutableType() {
        return true;
    }

    @Override
    public final TypeSerializer<T> duplicate() {
        return this;
    }

    @Override
    public final T createInstance() {
        return null;
    }

    @Override
    public final T copy(T from) {
        return from;
    }

    @Override
    public final T copy(T from, T reuse) {
        return from;
    }

    @Override
    public final int getLength() {
        return -1;
    }

    @Override
    public final boolean equals(Object other) {
        return other != null && other.getClass() == getClass();
    }

    @Override
    public final int hashCode() {
        return getClass().hashCode();
    }
}
