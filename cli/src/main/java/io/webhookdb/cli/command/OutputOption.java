package io.webhookdb.cli.command;

import io.webhookdb.cli.output.Format;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@code --format}: the form of the answer. */
sealed interface OutputOption {
    Format format();

    /** The usual one. */
    final class Short implements OutputOption {
        @Option(
                names = {"-f", "--format"},
                paramLabel = "FORMAT",
                defaultValue = "table",
                converter = Converter.class,
                description = "table, json, csv or raw. Default: ${DEFAULT-VALUE}.")
        Format format;

        @Override
        public Format format() {
            return format;
        }
    }

    /** Where {@code -f} names a field. */
    final class Long implements OutputOption {
        @Option(
                names = "--format",
                paramLabel = "FORMAT",
                defaultValue = "table",
                converter = Converter.class,
                description = "table, json, csv or raw. Default: ${DEFAULT-VALUE}.")
        Format format;

        @Override
        public Format format() {
            return format;
        }
    }

    /** Words to formats. */
    final class Converter implements ITypeConverter<Format> {
        @Override
        public Format convert(String word) {
            try {
                return Format.parse(word);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
