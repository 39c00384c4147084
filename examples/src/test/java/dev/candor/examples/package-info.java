/** Tests that the examples do what they say. */
@NullMarked
package dev.candor.examples;

import org.jspecify.annotations.NullMarked;
