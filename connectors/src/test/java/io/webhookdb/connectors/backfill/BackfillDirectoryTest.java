package io.webhookdb.connectors.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.connectors.control.ControlDirectory;
import io.webhookdb.schemas.catalog.Catalog;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.control.ControlRecord.State;
import io.webhookdb.schemas.control.DefinitionControl;
import io.webhookdb.schemas.control.IntegrationControl;
import io.webhookdb.schemas.control.IntegrationControl.VerificationMode;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BackfillDirectoryTest {
    private static final Catalog CATALOG = Catalog.load();
    private static final String PARENT = "sponsy_publication_v1";
    private static final String CHILD = "sponsy_slot_v1";
    private static final String GRANDCHILD = "sponsy_customer_v1";

    private final ControlDirectory known = new ControlDirectory();
    private final IntegrationControl first = integration("svi_1", PARENT, null);
    private final IntegrationControl second = integration("svi_2", PARENT, null);
    private final IntegrationControl child = integration("svi_3", CHILD, "svi_2");
    private final IntegrationControl grandchild = integration("svi_4", GRANDCHILD, "svi_3");
    private final IntegrationControl undecided = integration("svi_5", CHILD, null);
    private final BackfillDirectory directory = new BackfillDirectory(known, Map.of(), null);

    BackfillDirectoryTest() {
        known.records().forEach(directory::apply);
    }

    @Test
    void findsWhatWasChosenNearAndFar() {
        assertThat(directory.ancestor(child, PARENT)).contains(second);
        assertThat(directory.ancestor(grandchild, PARENT)).contains(second);
        assertThat(directory.ancestor(grandchild, CHILD)).contains(child);
    }

    @Test
    void takesTheFirstWhereNoneWasChosen() {
        assertThat(directory.ancestor(undecided, PARENT)).contains(first);
    }

    @Test
    void fillsOnlyTheIntegrationsThatDependOnThisOne() {
        assertThat(directory.children(second)).containsExactly(child, undecided);
        assertThat(directory.children(first)).containsExactly(undecided);
    }

    @Test
    void fillsWhatIsFetchedForTheRowsOfASiblingAfterThatSibling() {
        IntegrationControl list = integration("svi_a", "email_octopus_list_v1", null);
        IntegrationControl others = integration("svi_b", "email_octopus_campaign_v1", "svi_0");
        IntegrationControl campaigns = integration("svi_c", "email_octopus_campaign_v1", "svi_a");
        IntegrationControl events = integration("svi_d", "email_octopus_event_v1", "svi_a");
        known.records().forEach(directory::apply);

        assertThat(directory.children(list)).containsExactly(campaigns);
        assertThat(directory.children(campaigns)).containsExactly(events);
        assertThat(directory.children(others)).isEmpty();
        assertThat(directory.ancestor(events, "email_octopus_campaign_v1")).contains(campaigns);
    }

    private IntegrationControl integration(String id, String service, String dependsOn) {
        ServiceDefinition definition = CATALOG.service(service).orElseThrow();
        known.apply(new DefinitionControl(definition.hash(), definition));
        IntegrationControl made =
                new IntegrationControl(
                                id,
                                7,
                                1,
                                State.ACTIVE,
                                service,
                                definition.hash(),
                                id,
                                null,
                                VerificationMode.VERIFY,
                                1)
                        .dependingOn(dependsOn);
        known.apply(made);
        return made;
    }
}
