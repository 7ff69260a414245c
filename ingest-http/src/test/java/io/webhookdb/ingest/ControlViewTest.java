package io.webhookdb.ingest;

import static io.webhookdb.ingest.TestingControl.SHOPIFY;
import static io.webhookdb.ingest.TestingControl.STRIPE;
import static io.webhookdb.ingest.TestingControl.definition;
import static io.webhookdb.ingest.TestingControl.deleted;
import static io.webhookdb.ingest.TestingControl.integration;
import static io.webhookdb.ingest.TestingControl.skippingVerification;
import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.ingest.Lookup.Missing;
import io.webhookdb.schemas.catalog.Catalog;
import io.webhookdb.schemas.catalog.Reply;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.control.ControlHeartbeat;
import io.webhookdb.schemas.control.ControlRecord;
import io.webhookdb.security.keyset.KeysetFolder;
import io.webhookdb.security.keyset.SecretCipher;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlViewTest {
    private static final String ID = "svi_1";
    private static final long ARRIVED = 1_000;

    private final ControlView view = new ControlView(TestingControl.CIPHER);

    @Test
    void anUnknownIdIsAbsentOnceEverythingUpToTheRequestIsKnown() {
        assertThat(find()).isEqualTo(Missing.UNDECIDED);
        view.apply(new ControlHeartbeat(ARRIVED - 1));
        assertThat(find()).isEqualTo(Missing.UNDECIDED);
        view.apply(new ControlHeartbeat(ARRIVED));
        assertThat(find()).isEqualTo(Missing.ABSENT);
        assertThat(view.find(ID, ARRIVED + 1)).isEqualTo(Missing.UNDECIDED);
    }

    @Test
    void anOlderHeartbeatTakesNothingBack() {
        apply(new ControlHeartbeat(ARRIVED), new ControlHeartbeat(ARRIVED - 500));

        assertThat(find()).isEqualTo(Missing.ABSENT);
    }

    @Test
    void servesAnIntegrationOnceItsDefinitionIsThereInEitherOrder() {
        apply(integration(ID, STRIPE, "s"), new ControlHeartbeat(ARRIVED));
        assertThat(find()).isEqualTo(Missing.UNDECIDED);

        apply(definition(STRIPE));
        assertThat(endpoint().revision()).isEqualTo(1);

        apply(integration("svi_2", STRIPE, "s"));
        assertThat(view.find("svi_2", ARRIVED)).isInstanceOf(Lookup.Found.class);
    }

    @Test
    void endsTheSameWhateverTheOrderAndRepetitionOfRecords() {
        List<ControlRecord> records = new ArrayList<>();
        for (long revision = 1; revision <= 6; revision++) {
            ServiceDefinition definition = revision % 2 == 0 ? STRIPE : SHOPIFY;
            records.add(integration(ID, revision, definition, "s" + revision));
            records.add(deleted(revision, integration("svi_2", STRIPE, "s")));
        }
        records.add(integration("svi_2", 5, STRIPE, "s"));
        records.add(definition(STRIPE));
        records.add(definition(SHOPIFY));
        records.addAll(List.copyOf(records));
        for (int seed = 0; seed < 500; seed++) {
            ControlView shuffled = new ControlView(TestingControl.CIPHER);
            Collections.shuffle(records, new Random(seed));
            records.forEach(shuffled::apply);

            assertThat(shuffled.find(ID, ARRIVED))
                    .as("seed %d", seed)
                    .isInstanceOfSatisfying(
                            Lookup.Found.class,
                            found -> assertThat(found.endpoint().revision()).isEqualTo(6));
            assertThat(shuffled.find("svi_2", ARRIVED)).isEqualTo(Missing.ABSENT);
        }
    }

    @Test
    void aSecretItCannotOpenMakesTheIntegrationUnusableUntilTheSameRevisionComesReadable() {
        SecretCipher other = TestingControl.newCipher();
        ControlView strange = new ControlView(other);
        strange.apply(definition(STRIPE));
        strange.apply(integration(ID, STRIPE, "s"));
        assertThat(strange.find(ID, ARRIVED)).isEqualTo(Missing.UNUSABLE);

        strange.apply(integration(ID, STRIPE, null));
        assertThat(strange.find(ID, ARRIVED)).isInstanceOf(Lookup.Found.class);
    }

    /** Nothing is signed where whoever posts has no secret, and setting up asks for it first. */
    @Test
    void servesEveryServiceWithAnEmptySecret(@TempDir Path keysets) {
        KeysetFolder keys = KeysetFolder.openOrGenerate(keysets);
        ControlView all =
                new ControlView(TestingControl.CIPHER, Optional.of(keys.connectionsSealer()));
        all.apply(new ControlHeartbeat(ARRIVED));
        for (ServiceDefinition service : Catalog.load().services()) {
            all.apply(definition(service));
            all.apply(integration(ID + service.name(), service, ""));
            assertThat(all.find(ID + service.name(), ARRIVED))
                    .as(service.name())
                    .isNotEqualTo(Missing.UNUSABLE);
        }
    }

    @Test
    void needsNoSecretToSkipVerification() {
        ControlView strange = new ControlView(TestingControl.newCipher());
        strange.apply(definition(STRIPE));
        strange.apply(skippingVerification(integration(ID, STRIPE, "s")));

        assertThat(strange.find(ID, ARRIVED)).isInstanceOf(Lookup.Found.class);
    }

    @Test
    void aWebhookServiceThatDoesNotSayHowToVerifyIsNeverOpen() {
        ServiceDefinition silent =
                TestingControl.with(
                        STRIPE, "silent_v1", STRIPE.modes(), null, Reply.DEFAULT, List.of());
        apply(definition(silent), integration(ID, silent, "s"));

        assertThat(find()).isEqualTo(Missing.UNUSABLE);
    }

    private void apply(ControlRecord... records) {
        List.of(records).forEach(view::apply);
    }

    private Lookup find() {
        return view.find(ID, ARRIVED);
    }

    private Endpoint endpoint() {
        return ((Lookup.Found) find()).endpoint();
    }
}
