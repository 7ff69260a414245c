package io.webhookdb.jobs.replication;

import io.webhookdb.connectors.control.BroadcastControl;
import io.webhookdb.connectors.control.ControlBootstrap;
import io.webhookdb.connectors.kafka.IncomingEvent;
import io.webhookdb.connectors.replica.SourcedRow;
import io.webhookdb.connectors.status.IntegrationReports;
import java.util.List;
import org.apache.flink.streaming.api.operators.co.CoBroadcastWithNonKeyedOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/** {@link TranslateEvents} with the one thing such a function lacks: a timer, for its reports. */
final class TranslateOperator
        extends CoBroadcastWithNonKeyedOperator<IncomingEvent, byte[], SourcedRow> {
    private static final long serialVersionUID = 1L;

    TranslateOperator(ControlBootstrap bootstrap) {
        super(new TranslateEvents(bootstrap), List.of(BroadcastControl.STATE));
    }

    @Override
    public void open() throws Exception {
        super.open();
        scheduleReport();
    }

    @Override
    public void finish() throws Exception {
        report();
        super.finish();
    }

    private void scheduleReport() {
        long now = getProcessingTimeService().getCurrentProcessingTime();
        getProcessingTimeService()
                .registerTimer(
                        now + IntegrationReports.PERIOD.toMillis(),
                        time -> {
                            report();
                            scheduleReport();
                        });
    }

    private void report() {
        ((TranslateEvents) userFunction)
                .report(
                        report ->
                                output.collect(IntegrationReports.TAG, new StreamRecord<>(report)));
    }
}
