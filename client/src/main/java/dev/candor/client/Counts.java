package dev.candor.client;

/**
 * What happened since this object was made, for the program's own metrics.
 *
 * @param pings that were made
 * @param accepted messages that the receiver took
 * @param refused messages that it will not have
 * @param failedAttempts at sending, that are made again
 * @param omissions sources that were left out of a ping for a fault
 * @param faults steps that failed: a state directory that cannot be written, an id not to be told
 * @param owed opt-outs that have not arrived, as of now: each is a wish of the instance's not met
 */
public record Counts(
    long pings,
    long accepted,
    long refused,
    long failedAttempts,
    long omissions,
    long faults,
    long owed) {}
