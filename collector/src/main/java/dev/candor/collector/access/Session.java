package dev.candor.collector.access;

import java.net.URI;
import java.time.Instant;
import java.util.Optional;

/**
 * Somebody's visit in one browser.
 *
 * @param who whose it is
 * @param csrf what each form of this session must bring back
 * @param since when they signed in
 * @param seen when they last asked for anything
 * @param signOut where their provider ends its own session; empty for passwords
 */
public record Session(Who who, String csrf, Instant since, Instant seen, Optional<URI> signOut) {}
