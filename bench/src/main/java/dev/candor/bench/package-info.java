/**
 * Measures Candor beside its peers and the machine's limits. Every figure is a ratio of two
 * measurements of the same run; nothing is compared across runs.
 */
@NullMarked
package dev.candor.bench;

import org.jspecify.annotations.NullMarked;
