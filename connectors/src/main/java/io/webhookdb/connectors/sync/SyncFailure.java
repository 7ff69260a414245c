package io.webhookdb.connectors.sync;

import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/** What a failed page asks for. */
public enum SyncFailure {
    /** The target or the way to it; the same rows may pass later. */
    TRANSIENT,
    /** URL, credentials, rights or table are not as they must be; someone has to act. */
    CONFIGURATION,
    /** The target answers and refuses: because of one of the rows, or everything. */
    REFUSED,
    /** One of the rows; the others pass without it. */
    POISON;

    /** By SQL state (PostgreSQL documentation, appendix A); an unknown one is worth a retry. */
    public static SyncFailure ofSqlState(String state) {
        if (state == null || state.length() < 2) {
            return TRANSIENT;
        }
        return switch (state.substring(0, 2)) {
            // Data, integrity, a trigger's own exception, limits such as index size.
            case "21", "22", "23", "44", "54", "P0" -> POISON;
            // Not supported, authorization, catalog, schema, syntax and access rules.
            case "0A", "28", "3D", "3F", "42" -> CONFIGURATION;
            default -> TRANSIENT;
        };
    }

    /**
     * By what Kafka's client says; most of it passes with time. A topic that is missing may yet be
     * made.
     */
    static SyncFailure ofKafka(Throwable failure) {
        if (failure instanceof RecordTooLargeException
                || failure instanceof RecordBatchTooLargeException
                || failure instanceof InvalidRecordException) {
            return POISON;
        }
        return failure instanceof AuthenticationException
                        || failure instanceof AuthorizationException
                        || failure instanceof InvalidTopicException
                        || failure instanceof UnsupportedVersionException
                ? CONFIGURATION
                : TRANSIENT;
    }

    /**
     * By the code of an error of SQS (Amazon SQS API Reference, SendMessageBatch and Common
     * Errors), with or without the namespace before {@code #}.
     */
    static SyncFailure ofSqs(int status, String code) {
        String word = code.substring(code.indexOf('#') + 1);
        return switch (word) {
            case "InvalidMessageContents", "BatchRequestTooLong", "InvalidParameterValue" -> POISON;
            case "QueueDoesNotExist",
                    "AWS.SimpleQueueService.NonExistentQueue",
                    "InvalidAddress",
                    "InvalidSecurity",
                    "UnsupportedOperation",
                    "AccessDenied",
                    "AccessDeniedException",
                    "InvalidClientTokenId",
                    "SignatureDoesNotMatch",
                    "UnrecognizedClientException",
                    "IncompleteSignature",
                    "MissingParameter",
                    "KmsAccessDenied",
                    "KmsDisabled",
                    "KmsNotFound" ->
                    CONFIGURATION;
            default -> status == 401 || status == 403 ? CONFIGURATION : TRANSIENT;
        };
    }

    /**
     * By HTTP status, 400 or above. No refusal but "too large" condemns a row by itself: a receiver
     * that answers 400 to everything is broken, and its rows must wait ({@link Suspects}). What a
     * gateway or an overloaded server says is about neither.
     */
    static SyncFailure ofHttpStatus(int status) {
        return switch (status) {
            case 401, 402, 403, 404, 405, 410 -> CONFIGURATION;
            case 413 -> POISON;
            case 408, 421, 425, 429, 502, 503, 504 -> TRANSIENT;
            default -> REFUSED;
        };
    }
}
