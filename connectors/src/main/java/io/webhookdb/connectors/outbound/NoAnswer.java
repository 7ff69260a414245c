package io.webhookdb.connectors.outbound;

import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.apache.hc.client5.http.ConnectTimeoutException;

/**
 * Why a server gave no answer, in words for whoever runs it: "unreachable" alone does not tell an
 * expired certificate from a closed port. Nothing of the failure itself is quoted.
 */
public final class NoAnswer {
    private NoAnswer() {}

    /** A sentence. */
    public static String why(Throwable failure) {
        if (find(failure, SSLException.class).isPresent()) {
            return certificate(failure);
        }
        if (find(failure, ConnectTimeoutException.class).isPresent()) {
            return "No connection in time.";
        }
        if (isLate(failure)) {
            return "No answer in time.";
        }
        if (find(failure, UnknownHostException.class).isPresent()) {
            return "There is no host of this name.";
        }
        if (find(failure, NoRouteToHostException.class).isPresent()) {
            return "There is no way to the host.";
        }
        if (find(failure, ConnectException.class).isPresent()) {
            return "The connection was refused.";
        }
        return failure instanceof RejectedExecutionException
                ? "Too many names are looked up at once."
                : "The connection was closed before there was an answer.";
    }

    /** Whether time was up. */
    public static boolean isLate(Throwable failure) {
        return find(failure, TimeoutException.class).isPresent()
                || find(failure, SocketTimeoutException.class).isPresent();
    }

    private static String certificate(Throwable failure) {
        if (find(failure, CertificateExpiredException.class).isPresent()
                || find(failure, CertificateNotYetValidException.class).isPresent()) {
            return "The certificate is not valid now.";
        }
        if (find(failure, SSLPeerUnverifiedException.class).isPresent()) {
            return "The certificate is for another host.";
        }
        if (find(failure, CertPathBuilderException.class).isPresent()
                || find(failure, CertPathValidatorException.class).isPresent()) {
            return "The certificate is of no authority that is trusted here.";
        }
        return "No encrypted connection: TLS versions or ciphers do not fit, or it speaks no TLS.";
    }

    /** The failure or one of its causes. */
    public static <T extends Throwable> Optional<T> find(Throwable failure, Class<T> type) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return Optional.of(type.cast(cause));
            }
        }
        return Optional.empty();
    }
}
