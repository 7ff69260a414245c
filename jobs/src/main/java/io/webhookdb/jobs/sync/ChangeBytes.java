package io.webhookdb.jobs.sync;

import org.apache.flink.api.common.serialization.AbstractDeserializationSchema;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;

/** The bytes of a change as they are; the router reads them, where they are of interest. */
final class ChangeBytes extends AbstractDeserializationSchema<byte[]> {
    private static final long serialVersionUID = 1L;

    ChangeBytes() {
        super(PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO);
    }

    @Override
    public byte[] deserialize(byte[] message) {
        return message;
    }
}
