package io.webhookdb.connectors.backfill;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class AtomFeedTest {
    private static ArrayNode entries(String feed) throws ApiException {
        return AtomFeed.entries(feed.getBytes(UTF_8));
    }

    /** Cities publish such feeds: an address with an ampersand, a text that was cut off. */
    @Test
    void takesAmpersandsThatBeginNoReferenceAsTheyAre() throws Exception {
        ArrayNode entries =
                entries(
                        """
                        <feed xmlns="http://www.w3.org/2005/Atom" xmlns:georss="http://www.georss.org/georss">
                          <icon>http://www.example.com/omf/index.cfm?c=39247&a=87997</icon>
                          <entry>
                            <id>2602407</id>
                            <title>R&D at 7 &amp; 8 &#8211; &nbsp;</title>
                            <link href="http://www.example.com/?a=1&b=2"/>
                            <summary><![CDATA[a & b]]></summary>
                            <georss:point>45.5285898898 -122.646064077</georss:point>
                            <content type="html">&lt;img border=&qu</content>
                          </entry>
                        </feed>
                        """);

        assertThat(entries).hasSize(1);
        assertThat(entries.get(0).path("title").asText()).isEqualTo("R&D at 7 & 8 \u2013 &nbsp;");
        assertThat(entries.at("/0/link/href").asText())
                .isEqualTo("http://www.example.com/?a=1&b=2");
        assertThat(entries.at("/0/summary").asText()).isEqualTo("a & b");
        assertThat(entries.at("/0/content/value").asText()).isEqualTo("<img border=&qu");
        assertThat(entries.get(0).path("georss:point").asText())
                .isEqualTo("45.5285898898 -122.646064077");
    }

    @Test
    void keepsTheEncodingOfWhatIsMended() throws Exception {
        byte[] feed =
                ("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><feed><entry><id>1</id>"
                                + "<title>Z\u00fcrich & Bern</title></entry></feed>")
                        .getBytes(ISO_8859_1);

        assertThat(AtomFeed.entries(feed).at("/0/title").asText()).isEqualTo("Z\u00fcrich & Bern");
    }

    /** A pattern that looks for the end of each would look a million times at a million letters. */
    @Test
    @Timeout(30)
    void isNotHeldUpByTextsThatNeverEnd() {
        assertThatThrownBy(() -> entries("<feed>" + "<![CDATA[".repeat(1_000_000) + "&"))
                .isInstanceOf(ApiException.class);
    }

    @Test
    void refusesWhatIsStillNoXmlAndAnyDtd() {
        assertThatThrownBy(() -> entries("<feed><entry></feed> & more"))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("no well-formed Atom feed");
        assertThatThrownBy(
                        () ->
                                entries(
                                        "<!DOCTYPE feed [<!ENTITY x SYSTEM"
                                                + " \"file:///etc/passwd\">]>"
                                                + "<feed><entry><id>&x;</id></entry></feed>"))
                .isInstanceOf(ApiException.class);
    }
}
