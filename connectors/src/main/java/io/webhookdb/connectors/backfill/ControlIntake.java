package io.webhookdb.connectors.backfill;

import io.webhookdb.schemas.control.BackfillControl;
import io.webhookdb.schemas.control.ControlRecord;
import io.webhookdb.schemas.control.ControlRecord.State;
import io.webhookdb.schemas.control.DefinitionControl;
import io.webhookdb.schemas.control.IntegrationControl;
import io.webhookdb.schemas.control.RotationControl;
import java.util.List;

/** What control records change: every subtask sees all and takes those of its own accounts. */
final class ControlIntake {
    private final BackfillDirectory directory;
    private final Accounts accounts;
    private final Orders orders;
    private final Resealing resealing;
    private final OutsideWork.TaskThread task;

    ControlIntake(
            BackfillDirectory directory,
            Accounts accounts,
            Orders orders,
            Resealing resealing,
            OutsideWork.TaskThread task) {
        this.directory = directory;
        this.accounts = accounts;
        this.orders = orders;
        this.resealing = resealing;
        this.task = task;
    }

    /** Takes a record that changed what is known. */
    void take(ControlRecord record) throws Exception {
        directory.apply(record);
        if (record instanceof BackfillControl order) {
            order(order);
        } else if (record instanceof IntegrationControl integration) {
            changed(integration);
        } else if (record instanceof RotationControl) {
            for (Account account : accounts.all()) {
                task.enter(account);
                resealing.all(account);
            }
        } else if (record instanceof DefinitionControl) {
            for (IntegrationControl each : directory.fetchable()) {
                accounts.place(each);
            }
        }
    }

    private void order(BackfillControl order) throws Exception {
        if (order.state() == State.DELETED) {
            for (Account account : accounts.all()) {
                OrderState open = account.orders.get(order.id());
                if (open != null) {
                    task.enter(account);
                    orders.cancel(account, open);
                    task.pump(account);
                }
            }
            return;
        }
        IntegrationControl integration = directory.integration(order.integration());
        String key =
                integration == null
                        ? order.integration()
                        : directory.account(integration).orElse(order.integration());
        if (!accounts.has(key)) {
            return;
        }
        Account account = accounts.get(key);
        task.enter(account);
        orders.order(
                account,
                OrderState.of(
                                order.id(),
                                order.organization(),
                                order.integration(),
                                order.extent(),
                                order.children())
                        .restrictedTo(order.criteria()));
        task.pump(account);
    }

    /** Others of the organization may use its credentials or wait for it. */
    private void changed(IntegrationControl integration) throws Exception {
        for (IntegrationControl other : List.copyOf(directory.of(integration.organization()))) {
            accounts.place(other);
        }
        accounts.place(integration);
        for (Account account : accounts.concerned(integration.id())) {
            task.pump(account);
        }
    }
}
