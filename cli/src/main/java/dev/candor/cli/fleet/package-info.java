/**
 * A believable fleet of SonarQube servers that never existed: who they are, how they live from day
 * to day, and the messages they send. Start at {@link dev.candor.cli.fleet.Fleet}. Pure: no files,
 * no network, no clock; the same settings give the same bytes. Knows nothing of stores, receivers
 * or the command line. Not for use by several threads at once.
 */
@NullMarked
package dev.candor.cli.fleet;

import org.jspecify.annotations.NullMarked;
