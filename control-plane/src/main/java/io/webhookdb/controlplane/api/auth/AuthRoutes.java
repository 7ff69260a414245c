package io.webhookdb.controlplane.api.auth;

import io.webhookdb.controlplane.api.http.Answer;
import io.webhookdb.controlplane.api.http.ApiException;
import io.webhookdb.controlplane.api.http.Caller;
import io.webhookdb.controlplane.api.http.Message;
import io.webhookdb.controlplane.api.http.Question;
import io.webhookdb.controlplane.api.http.Request;
import io.webhookdb.controlplane.api.http.Router;
import io.webhookdb.controlplane.api.http.Step;
import io.webhookdb.controlplane.mail.Mailer;
import io.webhookdb.security.keyset.SecretCipher;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import org.jdbi.v3.core.Jdbi;

/** {@code /v1/auth}. */
public final class AuthRoutes {
    private static final String SHORT_SESSION = "Whdb-Short-Session";
    private static final String LOGIN_BY_ID = "/v1/auth/login_otp/";

    private final Login login;
    private final Sessions sessions;
    private final Newcomers newcomers;
    private final String cookieAttributes;

    /**
     * The routes.
     *
     * @param cipher protects codes at rest
     * @param mailer gets each code to its owner
     * @param apiUrl public URL of the api: over https, cookies are for https only
     */
    public AuthRoutes(
            Jdbi jdbi,
            Sessions sessions,
            Newcomers newcomers,
            LoginPolicy policy,
            SecretCipher cipher,
            Mailer mailer,
            URI apiUrl) {
        this.sessions = sessions;
        this.newcomers = newcomers;
        this.login =
                new Login(jdbi, new LoginCodes(jdbi, cipher), policy, sessions, mailer, newcomers);
        this.cookieAttributes =
                "; Path=/; HttpOnly; SameSite=Lax"
                        + ("https".equals(apiUrl.getScheme()) ? "; Secure" : "");
    }

    /** Adds the routes. */
    public void addTo(Router router) {
        router.post("/v1/auth", this::login)
                .post(LOGIN_BY_ID + "{customer_id}", this::loginById)
                .post("/v1/auth/logout", this::logout);
    }

    private Object login(Request request) {
        String email =
                EmailAddress.normalized(
                        request.required("email", Question.pasteOrType("your e-mail address")));
        request.callerIs(new Caller(OptionalLong.empty(), email, "code"));
        String code = request.text("token");
        if (code.isEmpty()) {
            if (sessions.customer(request).isPresent()) {
                throw ApiException.of(
                        403,
                        "already_logged_in",
                        "You are already logged in. Run `webhookdb auth logout` first.");
            }
            return Answer.of(202, login.begin(email));
        }
        Duration lifetime = lifetime(request);
        Login.Result result = login.finish(email, code, lifetime);
        if (result instanceof Login.Result.Opened opened) {
            return loggedIn(opened, lifetime);
        }
        request.callerIs(new Caller(OptionalLong.empty(), email, "wrong code"));
        return ((Login.Result.Refused) result).step();
    }

    /**
     * The end of a login by older clients, which know the customer by an id. Says nothing of a
     * customer, not even whether there is one.
     */
    private Object loginById(Request request) {
        if (!request.present("value")) {
            throw ApiException.validation("value", "is missing");
        }
        if (request.text("value").isEmpty()) {
            throw ApiException.invalidInput("No code was given. Start again.");
        }
        String id = request.text("customer_id");
        Duration lifetime = lifetime(request);
        return login.finishById(id, request.text("value"), lifetime)
                .<Object>map(
                        opened -> {
                            request.callerIs(
                                    new Caller(
                                            OptionalLong.of(opened.customer().id()),
                                            opened.customer().email(),
                                            "code"));
                            return loggedIn(opened, lifetime);
                        })
                .orElseGet(
                        () ->
                                Step.ask(
                                                Login.CODE,
                                                LOGIN_BY_ID + id.replace("%", ""),
                                                "That code is not right. Check it and try again.")
                                        .withErrorCode("invalid_otp"));
    }

    private static Duration lifetime(Request request) {
        return request.header(SHORT_SESSION).isEmpty() ? Sessions.LONG : Sessions.SHORT;
    }

    private Answer loggedIn(Login.Result.Opened opened, Duration lifetime) {
        String welcome =
                "You are logged in as "
                        + opened.customer().email()
                        + ".\nRun `webhookdb services list` to see what can be replicated.";
        Step step =
                Step.complete(welcome)
                        .withMessage(welcome)
                        .withExtra("current_customer", newcomers.profile(opened.customer()));
        return new Answer(
                200,
                Map.of(
                        Sessions.HEADER,
                        opened.token(),
                        "Set-Cookie",
                        cookie(opened.token(), lifetime)),
                step);
    }

    private Object logout(Request request) {
        sessions.customer(request)
                .ifPresent(
                        customer ->
                                request.callerIs(
                                        new Caller(
                                                OptionalLong.of(customer.id()),
                                                customer.email(),
                                                "session")));
        sessions.close(request);
        return new Answer(
                200,
                Map.of("Set-Cookie", cookie("", Duration.ZERO)),
                new Message("You are logged out."));
    }

    private String cookie(String value, Duration lifetime) {
        return Sessions.COOKIE
                + "="
                + value
                + "; Max-Age="
                + lifetime.toSeconds()
                + cookieAttributes;
    }
}
