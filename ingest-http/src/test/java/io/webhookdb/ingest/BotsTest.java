package io.webhookdb.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BotsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
                "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
                "facebookexternalhit/1.1",
                "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)",
                "WhatsApp/2.23.20.0",
                "TelegramBot (like TwitterBot)"
            })
    void knowsProgramsThatFollowLinks(String userAgent) {
        assertThat(Bots.isBot(userAgent)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
                "GitHub-Hookshot/044aadd",
                "Shopify-Captain-Hook",
                "curl/8.5.0",
                "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
            })
    void letsVendorsAndPeoplePass(String userAgent) {
        assertThat(Bots.isBot(userAgent)).isFalse();
    }

    @Test
    void takesNoUserAgentForNoBot() {
        assertThat(Bots.isBot(null)).isFalse();
    }
}
