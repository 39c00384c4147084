package dev.candor.collector;

import dev.candor.dictionary.Dictionary;
import dev.candor.dictionary.Limits;
import dev.candor.dictionary.Rekeying;
import dev.candor.dictionary.Sieve;
import dev.candor.dictionary.Sifted;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Sifts the messages in quarantine once more, after the dictionary has been mended. What passes now
 * without a loss is kept under its first time of receipt and leaves the quarantine; the rest stays.
 */
public final class Replay {
  /**
   * What a replay did.
   *
   * @param kept messages that passed whole and were kept
   * @param left messages that would still lose something or be refused
   */
  public record Result(int kept, int left) {}

  private static final System.Logger LOG = System.getLogger("dev.candor.collector");

  private final Routes routes;
  private final Sieve sieve;
  private final Sink sink;

  private Replay(List<Dictionary> products, Optional<Rekeying> rekeying, Sink sink) {
    this.routes = new Routes(products);
    this.sieve = new Sieve(Limits.DEFAULT, rekeying);
    this.sink = sink;
  }

  /**
   * Replays the quarantine of a data directory.
   *
   * @param rekeying the same as the receiver's: {@link RekeySecret#in}
   * @param sink where what passes is kept; after a crash a message may come twice, under one time
   * @throws IOException if a file cannot be read or a message cannot be kept
   */
  public static Result run(
      Path data, List<Dictionary> products, Optional<Rekeying> rekeying, Sink sink)
      throws IOException {
    Replay replay = new Replay(products, rekeying, sink);
    int kept = 0;
    int left = 0;
    for (Path file : Quarantine.files(data.resolve("quarantine"))) {
      if (file.toString().endsWith(".ping") && replay.one(file)) {
        kept++;
      } else {
        left++;
      }
    }
    return new Result(kept, left);
  }

  private boolean one(Path file) throws IOException {
    Path day = file.resolveSibling(".").normalize();
    Path message = day.resolveSibling(".").normalize();
    Path product = message.resolveSibling(".").normalize();
    Optional<Route> route =
        routes.named(product.getFileName().toString(), message.getFileName().toString());
    byte[] bytes = Files.readAllBytes(file);
    int end = 0;
    while (end < bytes.length && bytes[end] != '\n') {
      end++;
    }
    if (route.isEmpty() || end == bytes.length) {
      return false;
    }
    Receipt receipt;
    try {
      receipt = receipt(new String(bytes, 0, end, StandardCharsets.US_ASCII));
    } catch (DateTimeParseException e) {
      LOG.log(Level.WARNING, "the quarantined message {0} is damaged and stays", file);
      return false;
    }
    Sifted sifted = route.get().sift(sieve, Arrays.copyOfRange(bytes, end + 1, bytes.length));
    if (!(sifted instanceof Sifted.Kept kept)
        || kept.findings().stream().anyMatch(finding -> finding.reason().drops())) {
      return false;
    }
    sink.append(route.get().product(), kept.type(), kept.with(receipt.members(kept.type())));
    Files.delete(file);
    Quarantine.dropIfEmpty(day);
    return true;
  }

  private static Receipt receipt(String line) {
    Map<String, String> members = new HashMap<>();
    for (String member : line.strip().split(" ", -1)) {
      int equals = member.indexOf('=');
      if (equals > 0) {
        members.put(member.substring(0, equals), member.substring(equals + 1));
      }
    }
    return Receipt.of(
        Instant.parse(members.getOrDefault("_received", "")),
        members.get("_agent"),
        members.get("_key"));
  }
}
