package io.webhookdb.controlplane.provisioner;

import io.webhookdb.controlplane.database.KeysetWatch;
import io.webhookdb.controlplane.provisioner.alerts.AlertOutbox;
import io.webhookdb.controlplane.provisioner.alerts.AlertSettings;
import io.webhookdb.controlplane.provisioner.alerts.AlertWatch;
import io.webhookdb.controlplane.provisioner.deadletters.DeadLetterReader;
import io.webhookdb.controlplane.provisioner.deadletters.DeadLetterWork;
import io.webhookdb.controlplane.provisioner.metrics.ControlMetrics;
import io.webhookdb.controlplane.provisioner.periodic.PeriodicTask;
import io.webhookdb.controlplane.provisioner.periodic.PeriodicTasks;
import io.webhookdb.controlplane.provisioner.registration.RegistrationWork;
import io.webhookdb.controlplane.provisioner.replay.ReplayWork;
import io.webhookdb.controlplane.provisioner.rotation.RotationWork;
import io.webhookdb.controlplane.provisioner.status.Retention;
import io.webhookdb.controlplane.provisioner.status.StatusReader;
import io.webhookdb.controlplane.provisioner.status.SubscriptionWatch;
import io.webhookdb.security.kafka.KafkaAccess;
import java.util.List;
import org.jdbi.v3.core.Jdbi;

/** What the leader does beside provisioning. */
final class LeaderTasks {
    private LeaderTasks() {}

    static List<LeaderWork> of(
            ProvisionerSettings settings,
            AlertSettings alerts,
            ControlMetrics metrics,
            ServerWork servers) {
        Jdbi jdbi = servers.jdbi();
        KafkaAccess kafka = settings.kafka();
        List<PeriodicTask> tasks =
                List.of(
                        Retention.task(jdbi),
                        SubscriptionWatch.task(jdbi),
                        DeadLetterWork.task(kafka, jdbi),
                        ReplayWork.task(kafka, jdbi, () -> settings.keysets().ingest()),
                        AlertWatch.task(jdbi),
                        AuditPruning.task(jdbi, settings.upkeep().auditKept()),
                        RegistrationWork.task(
                                jdbi,
                                settings.keysets(),
                                alerts.outbound(),
                                settings.upkeep().apiBases()),
                        OwnerTokenWork.task(servers, settings.keysets()),
                        AlertOutbox.task(
                                jdbi, alerts, () -> settings.keysets().connectionsOpener()));
        return List.of(
                () -> StatusReader.start(kafka, jdbi, metrics.status())::close,
                () -> DeadLetterReader.start(kafka, jdbi, metrics.deadLetters())::close,
                () -> PeriodicTasks.start(tasks)::close,
                () -> KeysetWatch.start(jdbi, settings.keysets(), "provisioner")::close,
                () ->
                        RotationWork.start(
                                        jdbi,
                                        settings.keysets(),
                                        settings.upkeep().rotation(),
                                        settings.upkeep().rotateEvery())
                                ::close);
    }
}
