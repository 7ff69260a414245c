package io.webhookdb.controlplane.api.auth;

/** How a login proves who someone is. */
public enum LoginPolicy {
    /** By the code that was sent. */
    CODE,
    /** Not at all: any code is right. For development only. */
    ANY_CODE
}
