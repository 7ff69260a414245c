package io.webhookdb.schemas.row;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class FormBodyTest {
    @Test
    void readsAFormAsAFlatObjectOfText() {
        assertThat(json("From=%2B1415&Text=Hello%2C+you+%E2%98%83&Empty=&Flag"))
                .isEqualTo(
                        "{\"From\":\"+1415\",\"Text\":\"Hello, you \u2603\",\"Empty\":\"\","
                                + "\"Flag\":\"\"}");
    }

    @Test
    void keepsAPercentSignThatEscapesNothing() {
        assertThat(json("a=100%&b=%zz&c=%4"))
                .isEqualTo("{\"a\":\"100%\",\"b\":\"%zz\",\"c\":\"%4\"}");
    }

    @Test
    void repeatsRepeatedNamesSoThatTheLastCounts() {
        assertThat(json("a=1&&a=2")).isEqualTo("{\"a\":\"1\",\"a\":\"2\"}");
    }

    @Test
    void escapesWhatJsonMustEscape() {
        assertThat(json("%22=%5C%0A%00")).isEqualTo("{\"\\\"\":\"\\\\\\n\\u0000\"}");
    }

    @Test
    void leavesJsonAsItIs() {
        assertThat(json(" {\"a\":1}")).isEqualTo(" {\"a\":1}");
    }

    @Test
    void takesTheDocumentOutOfTheOnlyField() {
        assertThat(document("payload=%7B%22a%22%3A%22%C3%A9+%2B%22%7D"))
                .isEqualTo("{\"a\":\"é +\"}");
        assertThat(document("mandrill_events=%5B1%5D")).isEqualTo("[1]");
    }

    @Test
    void leavesAFormOfMoreOrOtherThanADocumentFlat() {
        assertThat(document("a=%7B%7D&b=1")).isEqualTo("{\"a\":\"{}\",\"b\":\"1\"}");
        assertThat(document("payload=text")).isEqualTo("{\"payload\":\"text\"}");
        assertThat(document("payload=")).isEqualTo("{\"payload\":\"\"}");
        assertThat(document("{\"a\":1}")).isEqualTo("{\"a\":1}");
    }

    @Test
    void knowsAFormByItsContentType() {
        assertThat(FormBody.isForm("application/x-www-form-urlencoded")).isTrue();
        assertThat(FormBody.isForm("Application/X-WWW-Form-Urlencoded; charset=UTF-8")).isTrue();
        assertThat(FormBody.isForm("application/json")).isFalse();
        assertThat(FormBody.isForm("")).isFalse();
    }

    @Property
    void givesJsonForEveryBody(@ForAll byte[] body) throws Exception {
        byte[] form = new byte[body.length + 1];
        form[0] = 'a';
        System.arraycopy(body, 0, form, 1, body.length);
        byte[] json = FormBody.json(form);
        new JsonScanner().scan(json, 0, json.length);
    }

    private static String json(String form) {
        return new String(
                FormBody.json(form.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8);
    }

    private static String document(String form) {
        return new String(
                FormBody.document(form.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8);
    }
}
