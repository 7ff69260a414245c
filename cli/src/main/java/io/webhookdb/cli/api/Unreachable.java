package io.webhookdb.cli.api;

import io.webhookdb.cli.CliFailure;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Locale;
import javax.net.ssl.SSLException;

/** Words for a request that got no answer: which host, why, and what to check. */
enum Unreachable {
    UNKNOWN_HOST("its name cannot be resolved", "Check the name and your network."),
    REFUSED(
            "nothing listens there",
            "Check that the server runs (`./webhookdb up`) and that the port is right."),
    NO_CONNECTION("no connection within 10 s", "Check the network, a proxy or a firewall."),
    NO_ANSWER(
            "no answer within 120 s",
            "The request may still be carried out; look before repeating it."),
    TLS("no trusted TLS connection", "Check the certificate, and http:// or https://."),
    BROKEN("the connection broke", "Try again; if it stays, look into the server's log.");

    private final String reason;
    private final String advice;

    Unreachable(String reason, String advice) {
        this.reason = reason;
        this.advice = advice;
    }

    static CliFailure failure(String address, IOException failure) {
        Unreachable why = classify(failure);
        String detail =
                failure.getMessage() == null || why == REFUSED || why == UNKNOWN_HOST
                        ? ""
                        : " (" + failure.getMessage() + ")";
        return CliFailure.api(
                "Cannot reach the API at %s: %s%s. %s WEBHOOKDB_API_HOST sets the address."
                        .formatted(address, why.reason, detail, why.advice),
                failure);
    }

    private static Unreachable classify(IOException failure) {
        if (failure instanceof HttpConnectTimeoutException) {
            return NO_CONNECTION;
        }
        if (failure instanceof HttpTimeoutException) {
            return NO_ANSWER;
        }
        if (failure instanceof SSLException) {
            return TLS;
        }
        if (failure instanceof ConnectException) {
            boolean unresolved = caused(failure, UnresolvedAddressException.class);
            String message = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
            return unresolved
                    ? UNKNOWN_HOST
                    : message.contains("timed out") ? NO_CONNECTION : REFUSED;
        }
        return BROKEN;
    }

    private static boolean caused(Throwable failure, Class<? extends Throwable> by) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (by.isInstance(t)) {
                return true;
            }
        }
        return false;
    }
}
