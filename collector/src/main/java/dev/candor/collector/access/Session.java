package dev.candor.collector.access;

import java.time.Instant;

/**
 * Somebody's visit in one browser.
 *
 * @param who whose it is
 * @param csrf what each form of this session must bring back
 * @param since when they signed in
 * @param seen when they last asked for anything
 */
public record Session(Who who, String csrf, Instant since, Instant seen) {}
