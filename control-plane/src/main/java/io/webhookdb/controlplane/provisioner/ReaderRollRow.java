package io.webhookdb.controlplane.provisioner;

import java.time.Instant;
import java.util.Optional;

/**
 * The replacement of an organization's reader.
 *
 * @param reader the new role; empty before it was named
 * @param urlEncrypted its URL, as the application database keeps it
 * @param oldReader the role it replaced; empty before it did
 * @param endsAt when the old role ends; empty before it was replaced
 * @param ended whether the old role is gone
 */
record ReaderRollRow(
        long id,
        OrganizationRow organization,
        Optional<String> reader,
        String urlEncrypted,
        Optional<String> oldReader,
        Optional<Instant> endsAt,
        boolean ended) {

    /** What comes next. */
    enum Next {
        NAME,
        MAKE,
        WAIT,
        END,
        NOTHING
    }

    Next next(Instant now) {
        if (ended) {
            return Next.NOTHING;
        }
        if (reader.isEmpty()) {
            return Next.NAME;
        }
        if (endsAt.isEmpty()) {
            return Next.MAKE;
        }
        return now.isBefore(endsAt.get()) ? Next.WAIT : Next.END;
    }
}
