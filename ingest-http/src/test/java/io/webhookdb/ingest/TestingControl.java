package io.webhookdb.ingest;

import io.webhookdb.schemas.catalog.Catalog;
import io.webhookdb.schemas.catalog.Reply;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.catalog.Verification;
import io.webhookdb.schemas.control.ControlHeartbeat;
import io.webhookdb.schemas.control.ControlRecord.State;
import io.webhookdb.schemas.control.DefinitionControl;
import io.webhookdb.schemas.control.IntegrationControl;
import io.webhookdb.schemas.control.IntegrationControl.VerificationMode;
import io.webhookdb.security.keyset.KeysetFolder;
import io.webhookdb.security.keyset.SecretCipher;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/** Control records as the provisioner would write them. */
final class TestingControl {
    static final long ORGANIZATION = 7;
    static final ServiceDefinition STRIPE = catalog("stripe_customer_v1");
    static final ServiceDefinition GITHUB = catalog("github_issue_v1");
    static final ServiceDefinition OWNERS = catalog("google_calendar_list_v1");
    static final ServiceDefinition SHOPIFY = catalog("shopify_order_v1");

    static final SecretCipher CIPHER = newCipher();

    private TestingControl() {}

    static String newId() {
        return "svi_" + UUID.randomUUID().toString().replace("-", "");
    }

    static DefinitionControl definition(ServiceDefinition definition) {
        return new DefinitionControl(definition.hash(), definition);
    }

    static IntegrationControl integration(String id, ServiceDefinition definition, String secret) {
        return integration(id, 1, definition, secret);
    }

    static IntegrationControl integration(
            String id, long revision, ServiceDefinition definition, String secret) {
        return new IntegrationControl(
                id,
                ORGANIZATION,
                revision,
                State.ACTIVE,
                definition.name(),
                definition.hash(),
                definition.name() + "_1",
                secret == null
                        ? null
                        : CIPHER.encrypt(secret, IntegrationControl.webhookSecretContext(id)),
                VerificationMode.VERIFY,
                1);
    }

    static IntegrationControl skippingVerification(IntegrationControl integration) {
        return with(
                integration,
                integration.organization(),
                integration.revision(),
                integration.state(),
                VerificationMode.SKIP);
    }

    static IntegrationControl ofOrganization(long organization, IntegrationControl integration) {
        return with(
                integration,
                organization,
                integration.revision(),
                integration.state(),
                integration.verificationMode());
    }

    static IntegrationControl deleted(long revision, IntegrationControl integration) {
        return with(
                integration,
                integration.organization(),
                revision,
                State.DELETED,
                integration.verificationMode());
    }

    private static IntegrationControl with(
            IntegrationControl integration,
            long organization,
            long revision,
            State state,
            VerificationMode mode) {
        return new IntegrationControl(
                integration.id(),
                organization,
                revision,
                state,
                integration.service(),
                integration.definition(),
                integration.table(),
                integration.webhookSecretCiphertext(),
                mode,
                integration.epoch());
    }

    static ControlHeartbeat heartbeat(Instant asOf) {
        return new ControlHeartbeat(ChronoUnit.MICROS.between(Instant.EPOCH, asOf));
    }

    static Verification staticHeader(String header) {
        return new Verification(
                Verification.Scheme.STATIC_HEADER, header, null, null, null, null, null, "own");
    }

    /** A service of the catalogue with parts of its ingress replaced. */
    static ServiceDefinition with(
            ServiceDefinition base,
            String name,
            List<ServiceDefinition.Mode> modes,
            Verification verification,
            Reply reply,
            List<String> keepHeaders) {
        return new ServiceDefinition(
                name,
                base.vendor(),
                base.vendorName(),
                base.singular(),
                base.plural(),
                base.docsUrl(),
                modes,
                base.key(),
                base.columns(),
                base.envelope(),
                base.accept(),
                base.versionTime(),
                base.deletes(),
                base.deliveryId(),
                verification,
                reply,
                keepHeaders,
                base.setup());
    }

    private static ServiceDefinition catalog(String name) {
        return Catalog.load().service(name).orElseThrow();
    }

    /** A keyset of its own, whose file is gone again. */
    static SecretCipher newCipher() {
        try {
            Path folder = Files.createTempDirectory("webhookdb-keysets-");
            SecretCipher cipher = KeysetFolder.openOrGenerate(folder).ingest();
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(folder);
            return cipher;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
