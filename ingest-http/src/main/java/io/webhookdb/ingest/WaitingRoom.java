package io.webhookdb.ingest;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/**
 * Requests that name an integration which is not known yet. Bounded. Of everybody who may end a
 * request's wait (news from the control topic, its timer, its sender going away) exactly one does.
 */
final class WaitingRoom {
    private final ControlView control;
    private final int limit;
    private final Semaphore places;
    private final Set<Guest> guests = ConcurrentHashMap.newKeySet();

    WaitingRoom(ControlView control, int limit) {
        this.control = control;
        this.limit = limit;
        this.places = new Semaphore(limit);
    }

    /** One waiting request; equal only to itself. */
    interface Guest {
        String integration();

        long arrivedMicros();

        /** There is news. Called once, by any thread; the guest has left by then. */
        void wake();
    }

    /** Lets the request wait, unless the room is full. May wake it before it returns. */
    boolean enter(Guest guest) {
        if (!places.tryAcquire()) {
            return false;
        }
        guests.add(guest);
        // The news may have come between the request's own look and its entry.
        wakeIfDecided(guest);
        return true;
    }

    /** Whether the caller ended the wait; if not, somebody else did or does. */
    boolean leave(Guest guest) {
        boolean left = guests.remove(guest);
        if (left) {
            places.release();
        }
        return left;
    }

    /** Wakes all whose integration is decided. Called when control records were applied. */
    void wakeDecided() {
        guests.forEach(this::wakeIfDecided);
    }

    private void wakeIfDecided(Guest guest) {
        Lookup lookup = control.find(guest.integration(), guest.arrivedMicros());
        if (lookup != Lookup.Missing.UNDECIDED && leave(guest)) {
            guest.wake();
        }
    }

    int size() {
        return limit - places.availablePermits();
    }
}
