package dev.candor.collector.dashboard;

import dev.candor.collector.Erasure;
import dev.candor.collector.access.Audit;
import dev.candor.collector.access.Who;
import dev.candor.store.Product;
import dev.candor.store.Store;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;

/** Erases an instance for somebody, and notes that it did; not which, for that is erased. */
final class Eraser {
  private final Store store;
  private final Path data;
  private final Audit audit;
  private final Clock clock;

  Eraser(Store store, Path data, Audit audit, Clock clock) {
    this.store = store;
    this.data = data;
    this.audit = audit;
    this.clock = clock;
  }

  String erase(Who who, Product product, String id) throws IOException {
    Erasure.Done done =
        Erasure.of(store, product, data, id, false, clock)
            .orElseThrow(() -> HttpException.notFound("instance"));
    audit.changed(who.name(), "erase", product.name() + ": " + done.sentence());
    return done.sentence();
  }
}
