package io.webhookdb.controlplane.api.auth;

import io.webhookdb.controlplane.api.http.ApiException;
import io.webhookdb.controlplane.api.http.Question;
import io.webhookdb.controlplane.api.http.Step;
import io.webhookdb.controlplane.mail.Mail;
import io.webhookdb.controlplane.mail.MailException;
import io.webhookdb.controlplane.mail.MailFailure;
import io.webhookdb.controlplane.mail.Mailer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;

/** The login conversation: address, code, session. */
final class Login {
    /** The question for a code. */
    static final Question CODE = new Question.Hidden("Enter the code from your e-mail:");

    private static final String PATH = "/v1/auth";

    private final Jdbi jdbi;
    private final LoginCodes codes;
    private final LoginPolicy policy;
    private final Sessions sessions;
    private final Mailer mailer;
    private final Newcomers newcomers;

    Login(
            Jdbi jdbi,
            LoginCodes codes,
            LoginPolicy policy,
            Sessions sessions,
            Mailer mailer,
            Newcomers newcomers) {
        this.jdbi = jdbi;
        this.codes = codes;
        this.policy = policy;
        this.sessions = sessions;
        this.mailer = mailer;
        this.newcomers = newcomers;
    }

    /** What a code came to. */
    sealed interface Result {
        /** Logged in. */
        record Opened(Customer customer, String token) implements Result {}

        /** Not logged in; the step says why, or asks again. */
        record Refused(Step step) implements Result {}
    }

    /** Sends a code and asks for it. */
    Step begin(String email) {
        String code =
                codes.issue(email)
                        .orElseThrow(
                                () ->
                                        ApiException.of(
                                                429,
                                                "invalid_input",
                                                "Too many login codes were asked for. Wait a few"
                                                        + " minutes and try again."));
        mail(new Mail.LoginCode(email, code));
        return ask(
                email,
                "Hello! A login code is on its way to "
                        + email
                        + ".\nPaste it below, or run `webhookdb auth login --username="
                        + email
                        + " --token=<code>`.");
    }

    /** Judges a code. */
    Result finish(String email, String code, Duration lifetime) {
        return switch (judge(email, code)) {
            case RIGHT -> open(email, lifetime);
            case WRONG -> refused(ask(email, "That code is not right. Check it and try again."));
            case EXHAUSTED ->
                    refused(
                            ask(
                                    email,
                                    "That code is not right or not valid any more. Press Enter for"
                                            + " a new one, then look for it in your mail."));
            case UNKNOWN ->
                    new Result.Refused(
                            Step.complete(
                                            "Nobody with that address has signed up. Run `webhookdb"
                                                    + " auth login` to get a code.")
                                    .withErrorCode("email_not_exist"));
        };
    }

    /**
     * Judges the code of a customer.
     *
     * @param id {@code cus_} and a number
     */
    Optional<Result.Opened> finishById(String id, String code, Duration lifetime) {
        return id.matches("cus_[0-9]{1,18}") && !code.isEmpty()
                ? jdbi.withHandle(
                                handle ->
                                        CustomerStore.byId(handle, Long.parseLong(id.substring(4))))
                        .filter(
                                customer ->
                                        judge(customer.email(), code) == LoginCodes.Verdict.RIGHT)
                        .map(customer -> (Result.Opened) open(customer.email(), lifetime))
                : Optional.empty();
    }

    private void mail(Mail.LoginCode code) {
        try {
            mailer.send(code);
        } catch (MailException e) {
            if (e.failure() == MailFailure.RECIPIENT) {
                throw ApiException.validation("email", "cannot be mailed to");
            }
            throw ApiException.of(
                    503,
                    "mail_unavailable",
                    "The login code could not be mailed. Try again in a few minutes.");
        }
    }

    private LoginCodes.Verdict judge(String email, String code) {
        if (policy == LoginPolicy.CODE) {
            LoginCodes.Verdict verdict = codes.redeem(email, code);
            return verdict == LoginCodes.Verdict.UNKNOWN && exists(email)
                    ? LoginCodes.Verdict.EXHAUSTED
                    : verdict;
        }
        return exists(email) || codes.known(email)
                ? LoginCodes.Verdict.RIGHT
                : LoginCodes.Verdict.UNKNOWN;
    }

    private boolean exists(String email) {
        return jdbi.withHandle(handle -> CustomerStore.byEmail(handle, email)).isPresent();
    }

    private Result open(String email, Duration lifetime) {
        return jdbi.inTransaction(
                handle -> {
                    Customer customer = CustomerStore.ensure(handle, email);
                    String token = sessions.open(handle, customer, lifetime);
                    newcomers.welcome(handle, customer);
                    return new Result.Opened(
                            CustomerStore.byEmail(handle, email).orElseThrow(), token);
                });
    }

    private static Result refused(Step question) {
        return new Result.Refused(question.withErrorCode("invalid_otp"));
    }

    private static Step ask(String email, String output) {
        return Step.ask(CODE, PATH, Map.of("email", email), "token", output);
    }
}
