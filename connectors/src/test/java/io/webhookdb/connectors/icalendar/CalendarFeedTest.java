package io.webhookdb.connectors.icalendar;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class CalendarFeedTest {
    private static final Instant NOW = Instant.parse("2026-11-21T00:00:00Z");

    private static List<ObjectNode> events(String... lines) {
        String ics = "BEGIN:VCALENDAR\r\n" + String.join("\r\n", lines) + "\r\nEND:VCALENDAR\r\n";
        return CalendarFeed.events(ics.getBytes(UTF_8), NOW);
    }

    private static List<ObjectNode> event(String... properties) {
        return events("BEGIN:VEVENT", "UID:u1", String.join("\r\n", properties), "END:VEVENT");
    }

    private static List<String> starts(List<ObjectNode> events) {
        return events.stream()
                .map(event -> event.path("start_at").asText(event.path("start_date").asText()))
                .toList();
    }

    @Test
    void keepsEveryPropertyWithItsParametersAndSaysWhatTheyMean() {
        List<ObjectNode> events =
                event(
                        "DTSTAMP:20260101T000000Z",
                        "DTSTART;TZID=\"Europe/Paris\":20260701T090000",
                        "DTEND;TZID=Europe/Paris:20260701T100000",
                        "SUMMARY:A long li",
                        " ne\\, folded\\nin two",
                        "CATEGORIES:work, travel",
                        "CATEGORIES:home",
                        "ATTENDEE;CN=\"Doe; Jane\":mailto:jane@example.org",
                        "GEO:48.85;2.35",
                        "BEGIN:VALARM",
                        "SUMMARY:of the alarm",
                        "END:VALARM",
                        "STATUS:CONFIRMED");

        assertThat(events).hasSize(1);
        ObjectNode event = events.get(0);
        assertThat(event.at("/DTSTART/v").asText()).isEqualTo("20260701T090000");
        assertThat(event.at("/DTSTART/TZID").asText()).isEqualTo("Europe/Paris");
        assertThat(event.at("/SUMMARY/v").asText()).isEqualTo("A long line, folded\nin two");
        assertThat(event.at("/ATTENDEE/0/CN").asText()).isEqualTo("Doe; Jane");
        assertThat(event.at("/STATUS/v").asText()).isEqualTo("CONFIRMED");
        assertThat(event.get("start_at").asText()).isEqualTo("2026-07-01T07:00:00Z");
        assertThat(event.get("end_at").asText()).isEqualTo("2026-07-01T08:00:00Z");
        assertThat(event.get("missing_timezone").asBoolean()).isFalse();
        assertThat(event.get("categories"))
                .extracting(category -> category.asText())
                .containsExactly("work", "travel", "home");
        assertThat(event.has("start_date")).isFalse();
    }

    @Test
    void takesUnknownZonesAsUtcAndSaysSo() {
        ObjectNode unknown = event("DTSTART;TZID=Nowhere/Else:20260701T090000").get(0);
        ObjectNode none = event("DTSTART:20260701T090000").get(0);
        ObjectNode windows = event("DTSTART;TZID=W. Europe Standard Time:20260701T090000").get(0);
        ObjectNode path =
                event("DTSTART;TZID=/mozilla.org/20050126_1/Europe/Berlin:20260701T090000").get(0);

        assertThat(unknown.get("start_at").asText()).isEqualTo("2026-07-01T09:00:00Z");
        assertThat(unknown.get("missing_timezone").asBoolean()).isTrue();
        assertThat(none.get("missing_timezone").asBoolean()).isTrue();
        assertThat(windows.get("start_at").asText()).isEqualTo("2026-07-01T07:00:00Z");
        assertThat(windows.get("missing_timezone").asBoolean()).isFalse();
        assertThat(path.get("start_at").asText()).isEqualTo("2026-07-01T07:00:00Z");
    }

    @Test
    void endsAfterADayAnHourOrAtOnceWhereNoEndIsWritten() {
        assertThat(event("DTSTART;VALUE=DATE:20260701").get(0).get("end_date").asText())
                .isEqualTo("2026-07-02");
        assertThat(event("DTSTART:20260701T090000Z", "DURATION:PT1H").get(0).get("end_at").asText())
                .isEqualTo("2026-07-01T10:00:00Z");
        assertThat(
                        event("DTSTART;VALUE=DATE:20260701", "DURATION:P1W")
                                .get(0)
                                .get("end_date")
                                .asText())
                .isEqualTo("2026-07-08");
        assertThat(event("DTSTART:20260701T090000Z").get(0).get("end_at").asText())
                .isEqualTo("2026-07-01T09:00:00Z");
    }

    @Test
    void repeatsByTheClocksOfThePlaceAcrossSummerTime() {
        List<ObjectNode> events =
                event(
                        "DTSTART;TZID=Europe/Berlin:20260327T090000",
                        "DTEND;TZID=Europe/Berlin:20260327T093000",
                        "RRULE:FREQ=DAILY;COUNT=3");

        assertThat(starts(events))
                .containsExactly(
                        "2026-03-27T08:00:00Z", "2026-03-28T08:00:00Z", "2026-03-29T07:00:00Z");
        assertThat(events.get(2).at("/UID/v").asText()).isEqualTo("u1-2");
        assertThat(events.get(2).get("recurring_event_id").asText()).isEqualTo("u1");
        assertThat(events.get(2).get("recurring_event_sequence").asInt()).isEqualTo(2);
        assertThat(events.get(2).get("end_at").asText()).isEqualTo("2026-03-29T07:30:00Z");
    }

    @Test
    void endsWithUntilOfWhateverKind() {
        for (String until : List.of("20260703", "20260703T090000", "20260703T070000Z")) {
            assertThat(
                            event(
                                    "DTSTART;TZID=Europe/Paris:20260701T090000",
                                    "RRULE:FREQ=DAILY;UNTIL=" + until))
                    .as(until)
                    .hasSize(3);
        }
        assertThat(event("DTSTART;VALUE=DATE:20260701", "RRULE:UNTIL=20260703T220000Z;FREQ=DAILY"))
                .hasSize(3);
    }

    @Test
    void addsAndLeavesOutDates() {
        List<ObjectNode> events =
                event(
                        "DTSTART;TZID=Europe/Paris:20260701T090000",
                        "RRULE:FREQ=WEEKLY;COUNT=3",
                        "RDATE;TZID=Europe/Paris:20260702T090000,20260703T090000",
                        "EXDATE;TZID=Europe/Paris:20260708T090000",
                        "EXDATE;VALUE=DATE:20260703");

        assertThat(starts(events))
                .containsExactly(
                        "2026-07-01T07:00:00Z", "2026-07-02T07:00:00Z", "2026-07-15T07:00:00Z");
    }

    @Test
    void putsAnExceptionInThePlaceOfItsOccurrence() {
        List<ObjectNode> events =
                events(
                        "BEGIN:VEVENT",
                        "UID:u1",
                        "DTSTART:20260701T090000Z",
                        "RRULE:FREQ=DAILY;COUNT=3",
                        "SUMMARY:as always",
                        "END:VEVENT",
                        "BEGIN:VEVENT",
                        "UID:u1",
                        "RECURRENCE-ID:20260702T090000Z",
                        "DTSTART:20260702T170000Z",
                        "SUMMARY:later",
                        "END:VEVENT",
                        "BEGIN:VEVENT",
                        "UID:u1",
                        "RECURRENCE-ID:20260801T090000Z",
                        "DTSTART:20260801T090000Z",
                        "SUMMARY:one more",
                        "END:VEVENT",
                        "BEGIN:VEVENT",
                        "UID:u2",
                        "RECURRENCE-ID:20260801T090000Z",
                        "DTSTART:20260801T090000Z",
                        "SUMMARY:alone",
                        "END:VEVENT");

        assertThat(events)
                .extracting(
                        event ->
                                event.at("/UID/v").asText() + " " + event.at("/SUMMARY/v").asText())
                .containsExactly(
                        "u1-0 as always",
                        "u1-1 later",
                        "u1-2 as always",
                        "u1-3 one more",
                        "u2 alone");
        assertThat(events.get(1).get("start_at").asText()).isEqualTo("2026-07-02T17:00:00Z");
        assertThat(events.get(4).has("recurring_event_id")).isFalse();
    }

    @Test
    void projectsFiveYearsAheadAndNothingBefore2000() {
        List<ObjectNode> daily = event("DTSTART:19991230T090000Z", "RRULE:FREQ=YEARLY");
        List<ObjectNode> always = event("DTSTART:20261120T000000Z", "RRULE:FREQ=SECONDLY");

        assertThat(starts(daily)).startsWith("2000-12-30T09:00:00Z").hasSize(31);
        assertThat(starts(daily).get(30)).isEqualTo("2030-12-30T09:00:00Z");
        assertThat(always).hasSize(Occurrences.MOST);
    }

    @Test
    void survivesRulesThatContradictThemselves() {
        assertThat(event("DTSTART:20260703T090000Z", "RRULE:FREQ=WEEKLY;BYMONTHDAY=7;COUNT=4"))
                .hasSize(4);
        assertThat(
                        event(
                                "DTSTART:20260703T090000Z",
                                "RRULE:FREQ=MONTHLY;BYYEARDAY=7;BYMONTHDAY=3;COUNT=4"))
                .hasSize(4);
        assertThat(event("DTSTART:20260703T090000Z", "RRULE:FREQ=NEVER")).hasSize(1);
        assertThat(event("DTSTART:00260703T090000Z", "RRULE:FREQ=DAILY")).hasSize(1);
        assertThat(event("DTSTART:20260703T090000Z", "DTEND:20260702T090000Z", "RRULE:FREQ=DAILY"))
                .hasSize(1);
    }

    @Test
    void leavesOutWhatHasNoIdentityOrNoBeginning() {
        assertThat(events("BEGIN:VEVENT", "DTSTART:20260701T090000Z", "END:VEVENT")).isEmpty();
        assertThat(event("DTSTART:soon")).isEmpty();
        assertThat(event("SUMMARY:when?")).isEmpty();
        assertThat(CalendarFeed.isOne("<html>".getBytes(UTF_8))).isFalse();
    }
}
