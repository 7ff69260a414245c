package io.webhookdb.schemas.catalog;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.deser.BeanDeserializerModifier;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;

/** Lets YAML write enum constants as the field does: lower case, with dashes. */
final class EnumWords extends SimpleModule {
    private static final long serialVersionUID = 1L;

    EnumWords() {
        setDeserializerModifier(
                new BeanDeserializerModifier() {
                    private static final long serialVersionUID = 1L;

                    @Override
                    public JsonDeserializer<?> modifyEnumDeserializer(
                            DeserializationConfig config,
                            JavaType type,
                            BeanDescription description,
                            JsonDeserializer<?> standard) {
                        return type.getRawClass() == ColumnType.class
                                ? standard
                                : new Words(type.getRawClass());
                    }
                });
    }

    private static final class Words extends JsonDeserializer<Object> {
        private final Class<?> type;

        Words(Class<?> type) {
            this.type = type;
        }

        @Override
        public Object deserialize(JsonParser parser, DeserializationContext context)
                throws IOException {
            String word = parser.getText();
            String name = word.toUpperCase(Locale.ROOT).replace('-', '_');
            for (Object constant : type.getEnumConstants()) {
                if (constant.toString().equals(name)) {
                    return constant;
                }
            }
            return context.handleWeirdStringValue(
                    type, word, "allowed: %s", Arrays.toString(type.getEnumConstants()));
        }
    }
}
