package io.webhookdb.ingest;

import java.util.List;
import java.util.Locale;

/**
 * Programs that fetch every link they see: crawlers and the link previews of chat programs. A
 * webhook URL pasted into a chat must not become a row.
 */
final class Bots {
    /** Parts of user agents in lower case, from the operators' own documentation. */
    private static final List<String> KNOWN =
            List.of(
                    "adsbot-google",
                    "ahrefsbot",
                    "amazonbot",
                    "apis-google",
                    "applebot",
                    "baiduspider",
                    "bingbot",
                    "bingpreview",
                    "bytespider",
                    "ccbot",
                    "claudebot",
                    "discordbot",
                    "dotbot",
                    "duckduckbot",
                    "embedly",
                    "facebookexternalhit",
                    "google-inspectiontool",
                    "googlebot",
                    "gptbot",
                    "ia_archiver",
                    "iframely",
                    "linkedinbot",
                    "mastodon",
                    "mediapartners-google",
                    "mj12bot",
                    "petalbot",
                    "pinterestbot",
                    "redditbot",
                    "semrushbot",
                    "skypeuripreview",
                    "slack-imgproxy",
                    "slackbot",
                    "telegrambot",
                    "twitterbot",
                    "viber",
                    "whatsapp",
                    "yahoo! slurp",
                    "yandexbot");

    private Bots() {}

    /** Whether this User-Agent (or null) names one of them. */
    static boolean isBot(String userAgent) {
        if (userAgent == null) {
            return false;
        }
        String lowerCase = userAgent.toLowerCase(Locale.ROOT);
        return KNOWN.stream().anyMatch(lowerCase::contains);
    }
}
