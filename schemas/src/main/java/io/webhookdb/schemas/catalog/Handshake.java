package io.webhookdb.schemas.catalog;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * A request that asks whether somebody is there: it wants an answer made of itself, and brings no
 * event.
 *
 * @param when it is one if this has a value
 * @param equals the values that make it one; empty: any
 * @param proof whether it has to be signed like an event; null is {@link Proof#REQUIRED}
 * @param form what the answer is; null is {@link Form#JSON}
 * @param members what the answer is made of; exactly one for {@link Form#TEXT}
 * @param learns where the request brings the secret that events are signed with from now on; null:
 *     it brings none. Such a request is a handshake only while the integration has no secret
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Handshake(
        Spot when, List<String> equals, Proof proof, Form form, List<Member> members, Spot learns) {

    public Handshake {
        equals = equals == null ? List.of() : List.copyOf(equals);
        proof = proof == null ? Proof.REQUIRED : proof;
        form = form == null ? Form.JSON : form;
        members = members == null ? List.of() : List.copyOf(members);
    }

    /** Whether a handshake is believed unsigned: it is answered, nothing else follows from it. */
    public enum Proof {
        REQUIRED,
        NONE
    }

    /** What the answer, always 200, is. */
    public enum Form {
        /** A JSON object. */
        JSON,
        /** Plain text. */
        TEXT,
        /** Response headers, and no body. */
        HEADERS,
        /** Nothing. */
        EMPTY
    }

    /** What becomes of a value. */
    public enum Treatment {
        AS_IS,
        /** HMAC-SHA256 under the webhook secret, in hexadecimal. */
        HMAC_HEX
    }

    /**
     * A place in a request: exactly one of the three.
     *
     * @param header request header
     * @param query parameter of the query
     * @param body JSON Pointer into the body, to a scalar
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Spot(String header, String query, String body) {}

    /**
     * One value of the answer.
     *
     * @param name of the member or header
     * @param from where the value is in the request
     * @param treatment what becomes of it; null is {@link Treatment#AS_IS}
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Member(String name, Spot from, Treatment treatment) {
        public Member {
            treatment = treatment == null ? Treatment.AS_IS : treatment;
        }
    }
}
