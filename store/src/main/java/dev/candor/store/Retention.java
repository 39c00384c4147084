package dev.candor.store;

import java.time.Instant;
import java.time.LocalDate;

/**
 * One time that old messages were let go.
 *
 * @param at when
 * @param keptFrom the first day of which messages stayed
 * @param messages how many went
 */
public record Retention(Instant at, LocalDate keptFrom, long messages) {}
