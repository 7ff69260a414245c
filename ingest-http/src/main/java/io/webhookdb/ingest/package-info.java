/**
 * The edge: receives a webhook, verifies, publishes, acknowledges, and nothing else.
 *
 * <pre>
 * IngestVerticle ─▶ Exchange (HTTP) ─▶ WebhookRequest ─▶ ControlView ◀─ ControlReader ◀─ control.v1
 *                                        │     └─ unknown id ─▶ WaitingRoom
 *                                        └─▶ Publisher ─▶ events.v1 | rejected.v1 ─▶ answer
 * </pre>
 */
package io.webhookdb.ingest;
