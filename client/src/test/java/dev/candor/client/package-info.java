/** Tests of the sender against real local servers, with clocks that the tests move. */
@NullMarked
package dev.candor.client;

import org.jspecify.annotations.NullMarked;
