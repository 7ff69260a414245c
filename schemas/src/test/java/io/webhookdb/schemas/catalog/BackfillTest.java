package io.webhookdb.schemas.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.schemas.catalog.BackfillAuth.Scheme;
import io.webhookdb.schemas.catalog.Setup.StoredField;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BackfillTest {
    /** Vendors whose data need no credential. */
    private static final Set<String> PUBLIC = Set.of("atom", "aws", "icalendar");

    private static final Catalog CATALOG = Catalog.load();

    @Test
    void takesFromTheVendorWhatTheResourceDoesNotSay() {
        Backfill issues = backfill("github_issue_v1");

        assertThat(issues.base().text()).isEqualTo("https://api.github.com");
        assertThat(issues.auth())
                .isEqualTo(
                        new BackfillAuth(Scheme.BEARER, null, null, StoredField.BACKFILL_SECRET));
        assertThat(issues.path())
                .containsExactly(
                        BackfillValue.of("/repos/"),
                        new BackfillValue(null, StoredField.API_URL, null, null, null),
                        BackfillValue.of("/issues"));
        assertThat(issues.headers()).extracting(BackfillParameter::name).contains("Accept");
        assertThat(issues.pagination().style()).isEqualTo(BackfillPagination.Style.LINK_HEADER);
        assertThat(issues.items()).isEqualTo(BackfillItems.BODY);
    }

    @Test
    void putsTheResourcesMembersAboveTheVendors() {
        assertThat(backfill("sponsy_slot_v1").credentials())
                .isEqualTo(Backfill.Credentials.INHERITED);
        assertThat(backfill("sponsy_publication_v1").credentials())
                .isEqualTo(Backfill.Credentials.OWN);
        assertThat(backfill("transistor_episode_stats_v1").pagination())
                .isEqualTo(BackfillPagination.NONE);
        assertThat(backfill("signalwire_media_v1").incremental())
                .isEqualTo(BackfillIncremental.NONE);
    }

    @Test
    void saysOfEveryServiceThatIsFetchedWhatToAsk() {
        for (ServiceDefinition service : CATALOG.services()) {
            Backfill backfill = service.backfill();
            assertThat(backfill == null)
                    .as(service.name())
                    .isEqualTo(
                            !service.supportsBackfill()
                                    // Roots have no table of their own.
                                    || service.columns().isEmpty()
                                    // They hold credentials for the listings of others.
                                    || service.owners() != null);
            if (backfill != null && backfill.derived() == null) {
                assertThat(backfill.base()).as(service.name()).isNotNull();
                assertThat(backfill.auth().scheme() == Scheme.NONE)
                        .as(service.name())
                        .isEqualTo(PUBLIC.contains(service.vendor()));
            }
        }
    }

    @Test
    void whatIsFetchedForOwnersSaysWhoseItIsAndHowItGoesWithThem() {
        int found = 0;
        for (ServiceDefinition service : CATALOG.services()) {
            BackfillToken token =
                    service.backfill() == null || service.backfill().auth().refresh() == null
                            ? null
                            : service.backfill().auth().refresh().token();
            if (token == null) {
                continue;
            }
            found++;
            ServiceDefinition owners = CATALOG.service(token.service()).orElseThrow();
            assertThat(service.columns())
                    .as(service.name())
                    .extracting(Column::pointer)
                    .contains(token.key());
            assertThat(service.deletes())
                    .as(service.name())
                    .anySatisfy(
                            rule ->
                                    assertThat(rule)
                                            .singleElement()
                                            .extracting(Condition::resource)
                                            .isEqualTo("/" + owners.owners().gone()));
        }
        assertThat(found).isEqualTo(5);
    }

    @Test
    void membersThatNoteAChannelAreColumnsOfTheRowThatHasIt() {
        for (ServiceDefinition service : CATALOG.services()) {
            BackfillWatch watch = service.backfill() == null ? null : service.backfill().watch();
            if (watch != null) {
                assertThat(
                                CATALOG.service(service.backfill().fanOut().over())
                                        .orElseThrow()
                                        .columns())
                        .as(service.name())
                        .extracting(Column::pointer)
                        .contains("/" + watch.noted().channel(), "/" + watch.noted().expiry());
            }
        }
    }

    private static Backfill backfill(String service) {
        return CATALOG.service(service).orElseThrow().backfill();
    }
}
