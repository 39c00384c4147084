package dev.candor.examples;

import dev.candor.client.Telemetry;
import dev.candor.dictionary.Dictionary;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A program with telemetry: a kettle that counts its cups. Run it with the address of a receiver,
 * such as {@code ./candor serve --dictionary kettle.json} prints it.
 */
public final class KettleServer {
  private final AtomicLong cups = new AtomicLong();

  /** Boils until it is stopped. */
  public static void main(String[] args) throws IOException, InterruptedException {
    URI receiver = URI.create(args.length > 0 ? args[0] : "http://127.0.0.1:7700/kettle");
    KettleServer kettle = new KettleServer();
    try (Telemetry telemetry = kettle.telemetry(receiver, Path.of("kettle-telemetry")).start()) {
      kettle.boil();
      System.out.println("Telemetry is on, by " + telemetry.position().because() + ".");
      System.out.println("DO_NOT_TRACK=1 turns it off. Boiling; Ctrl-C ends.");
      new CountDownLatch(1).await();
    }
  }

  /** The three lines: a dictionary and an endpoint, a place to keep what must be kept, a source. */
  Telemetry.Builder telemetry(URI receiver, Path state) throws IOException {
    return Telemetry.of(dictionary(), receiver)
        .state(state)
        .source("cups", (out, meter) -> out.put("cups", cups.get()));
  }

  private static Dictionary dictionary() throws IOException {
    try (InputStream in = KettleServer.class.getResourceAsStream("kettle.json")) {
      return Dictionary.parse(Objects.requireNonNull(in).readAllBytes());
    }
  }

  void boil() {
    cups.incrementAndGet();
  }
}
