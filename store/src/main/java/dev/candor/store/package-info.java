/**
 * Keeps what the sieve passed: an append-only journal that is durable before anybody is told so,
 * the DuckDB tables into which it is loaded, and the reports over them. Start at {@link
 * dev.candor.store.Store}. Safe to share between threads.
 *
 * <p>It must not know any product, HTTP, or who asks.
 */
@NullMarked
package dev.candor.store;

import org.jspecify.annotations.NullMarked;
