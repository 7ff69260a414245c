/** The shapes every resource shares: requests, answers, errors, prompts, steps, lists. */
package io.webhookdb.controlplane.api.http;
