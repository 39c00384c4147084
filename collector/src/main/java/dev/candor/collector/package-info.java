/**
 * The receiving end over HTTP: takes messages in, lets the sieve have them, hands what is left to
 * the store and answers when it is durable. Start at {@link dev.candor.collector.Receiver}.
 *
 * <p>It must not know any product, and must not keep or log an address, a header or a value of a
 * message. Public types are safe to share between threads.
 */
@NullMarked
package dev.candor.collector;

import org.jspecify.annotations.NullMarked;
