package io.webhookdb.schemas.change;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.webhookdb.schemas.change.RowChange.Op;
import io.webhookdb.schemas.row.Version;
import io.webhookdb.schemas.row.Version.Rank;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RowChangeCodecTest {
    @Test
    void writesWhatThePublicSchemaDescribes() throws IOException {
        JsonMapper mapper = new JsonMapper();
        for (Op op : Op.values()) {
            JsonNode json = mapper.readTree(RowChangeCodec.encode(change(op)));
            try (InputStream schema =
                    RowChange.class.getResourceAsStream("/schema/row-change.schema.json")) {
                assertThat(
                                JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                                        .getSchema(schema)
                                        .validate(json))
                        .isEmpty();
            }
        }
    }

    @Test
    void readsWhatItWrote() {
        RowChange change = change(Op.UPDATE);
        assertThat(RowChangeCodec.decode(RowChangeCodec.encode(change))).isEqualTo(change);
    }

    private static RowChange change(Op op) {
        UUID event = UUID.fromString("01890a5d-ac96-774b-bcce-b302099a8057");
        return new RowChange(
                "chg_1",
                op,
                7,
                "svi_1",
                "stripe_customer_v1",
                "stripe_customer_v1_ab12",
                "cus_1",
                42,
                new Version(1, Rank.PUSH, event).text(),
                event.toString(),
                "2026-01-01T00:00:00.000001Z",
                Map.of("email", TextNode.valueOf("a@b.example")),
                new JsonMapper().createObjectNode().put("id", "cus_1"),
                Map.of("balance", IntNode.valueOf(1)),
                false);
    }
}
