package io.stanchion.gateway.connection;

/**
 * One SUB of a client as monitoring shows it.
 *
 * @param queueGroup empty if there is none
 * @param max messages after which it ends; 0 if it does not
 */
public record InterestFacts(
        long connectionId, String subject, String queueGroup, String sid, long messages, long max) {}
