/**
 * The {@code candor} command: the one place where dictionary, store, receiver and products meet.
 * Start at {@link dev.candor.cli.Candor}. Owns options, exit codes, what is printed and the demo;
 * holds no rule about telemetry itself. Commands run once, on one thread.
 */
@NullMarked
package dev.candor.cli;

import org.jspecify.annotations.NullMarked;
