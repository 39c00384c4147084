/** Small programs that embed the client. They must not use more of it than any program would. */
@NullMarked
package dev.candor.examples;

import org.jspecify.annotations.NullMarked;
