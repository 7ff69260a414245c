package io.webhookdb.schemas.row;

/**
 * Where a value may stand, as slots of scanners; {@link #NOWHERE} where it cannot. Which of them
 * counts depends on how the resource came: as the body, wrapped in an event at one of several
 * roots, or as an element of a list.
 */
final class Place {
    static final int NOWHERE = -1;

    private final int event;
    private final int bare;
    private final int[] wrapped;
    private final int element;

    private Place(int event, int bare, int[] wrapped, int element) {
        this.event = event;
        this.bare = bare;
        this.wrapped = wrapped;
        this.element = element;
    }

    /** A place in the whole body. */
    static Place inEvent(int slot) {
        return new Place(slot, NOWHERE, new int[0], NOWHERE);
    }

    /**
     * A place in the resource.
     *
     * @param bare slot if the body is the resource
     * @param wrapped slots by root
     * @param element slot of the element scanner
     */
    static Place inResource(int bare, int[] wrapped, int element) {
        return new Place(NOWHERE, bare, wrapped, element);
    }

    boolean isInEvent() {
        return event != NOWHERE;
    }

    int event() {
        return event;
    }

    int bare() {
        return bare;
    }

    int wrapped(int root) {
        return wrapped[root];
    }

    int element() {
        return element;
    }
}
