package dev.candor.store;

import dev.candor.dictionary.Dictionary;
import dev.candor.dictionary.MessageType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

/**
 * A process to be killed: writes numbered pings from four threads, prints each number once it is
 * acknowledged, and loads all the while. Arguments: data directory, a name for this run.
 */
final class Writer {
  private static final int THREADS = 4;

  private Writer() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    Dictionary dictionary = Products.SONARQUBE.dictionary();
    MessageType ping = dictionary.message("ping");
    Store store =
        Store.open(Path.of(args[0]), List.of(Product.of(dictionary, List.of())), Clock.systemUTC());
    for (int t = 0; t < THREADS; t++) {
      int thread = t;
      Thread.ofPlatform().daemon().start(() -> write(store, dictionary, ping, args[1], thread));
    }
    while (true) {
      store.load();
    }
  }

  private static void write(
      Store store, Dictionary dictionary, MessageType ping, String run, int thread) {
    try {
      for (int i = 0; ; i++) {
        String id = "run-" + run + "-" + thread + "-" + i;
        byte[] line =
            ("{\"id\":\"" + id + "\",\"_received\":\"2026-11-24T10:00:00.000Z\"}")
                .getBytes(StandardCharsets.UTF_8);
        store.append(dictionary, ping, line);
        synchronized (System.out) {
          System.out.println(id);
        }
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
