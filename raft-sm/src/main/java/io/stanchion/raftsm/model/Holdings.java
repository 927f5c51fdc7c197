package io.stanchion.raftsm.model;

/** What all channels hold together, kept up as they change: adding it up takes too long to do it after each entry. */
final class Holdings {
    private long messages;
    private long bytes;

    void add(long moreMessages, long moreBytes) {
        messages += moreMessages;
        bytes += moreBytes;
    }

    long messages() {
        return messages;
    }

    long bytes() {
        return bytes;
    }
}
