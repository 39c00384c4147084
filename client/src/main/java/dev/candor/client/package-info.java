/**
 * The embeddable sender: asks a switch, collects facts from sources once a day, keeps the ping
 * until the receiver has it, and logs the exact bytes of everything it sent. Start at {@link
 * dev.candor.client.Telemetry}:
 *
 * <pre>{@code
 * Telemetry telemetry = Telemetry.of(dictionary, URI.create("https://telemetry.example/kettle"))
 *     .state(Path.of("data/telemetry"))
 *     .source("kettle", (out, meter) -> out.put("version", "1.2").put("cups", cups()))
 *     .start();
 * }</pre>
 *
 * <p>The host comes first: daemon threads of least priority, bounded time, memory and disk, and no
 * exception or error that escapes.
 *
 * <p>It must not know any product, any database's schema or any command line.
 */
@NullMarked
package dev.candor.client;

import org.jspecify.annotations.NullMarked;
