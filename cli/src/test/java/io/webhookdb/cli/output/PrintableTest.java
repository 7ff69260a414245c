package io.webhookdb.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrintableTest {
    @Test
    void showsWhatATerminalWouldObey() {
        assertThat(Printable.text("a\u001b[2Jb\r\u009b\u202e"))
                .isEqualTo("a\\u001b[2Jb\\u000d\\u009b\\u202e");
    }

    @Test
    void leavesTextAlone() {
        String text = "Zeile\n\tmit Ümläuten, 名前 und 🎉";
        assertThat(Printable.text(text)).isSameAs(text);
    }
}
