/**
 * The data dictionary of a product, the sieve that lets through only what it names, and the page
 * that explains it. Start at {@link dev.candor.dictionary.Dictionary} and {@link
 * dev.candor.dictionary.Sieve}. Everything here is immutable and safe to share between threads.
 *
 * <p>It must not know any product, any transport or any store.
 */
@NullMarked
package dev.candor.dictionary;

import org.jspecify.annotations.NullMarked;
