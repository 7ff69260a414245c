package io.webhookdb.schemas.row;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MailDateTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Thu, 30 Jul 2015 20:12:31 +0000 | 2015-07-30T20:12:31Z",
                "Thu, 5 Apr 2012 16:59:01 +0200 | 2012-04-05T14:59:01Z",
                "5 Apr 2012 16:59 -04:30 | 2012-04-05T21:29:00Z",
                "Fri, 01 Aug 2014 16:45:32 GMT | 2014-08-01T16:45:32Z",
                "Fri, 01 Aug 2014 16:45:32 -0000 (UTC) | 2014-08-01T16:45:32Z",
                "Thu, 30 Jul 2015 20:12:31 EST | 2015-07-31T01:12:31Z",
                "Thu, 30 Jul 2015 20:12:31 PDT | 2015-07-31T03:12:31Z",
                "fri, 01 aug 2014 16:45:32 | 2014-08-01T16:45:32Z",
                "Thu, 05 Apr 12 16:59:01 EST | 2012-04-05T21:59:01Z",
                "05 Apr 99 16:59:01 GMT | 1999-04-05T16:59:01Z",
            })
    void readsTheDatesOfMails(String text, String instant) {
        assertThat(MailDate.parse(text)).contains(Instant.parse(instant));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "yesterday",
                "Thu, 31 Jun 2015 20:12:31 +0000",
                "Thu, 30 Xyz 2015 20:12:31 +0000",
                "Thu, 30 Jul 2015 25:12:31 +0000",
                "Thu, 30 Jul 2015 20:12:31 +9900",
                "Thu, 30 Jul 2015 20:12:31 CET",
                "Thu, 30 Jul 0000 20:12:31 +0000",
            })
    void refusesWhatIsNoDate(String text) {
        assertThat(MailDate.parse(text)).isEmpty();
    }
}
