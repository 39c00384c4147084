package dev.candor.collector.access;

import dev.candor.store.PrivateFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Who may send: the ingest keys, in {@code access/ingest-keys.json} of the data directory. A
 * product without a key takes messages from everybody; one that has keys, even ended ones, takes
 * them by a good key alone. Several may be good at once, so that a key is changed without losing a
 * message: make the new one, point clients to it, end the old one.
 *
 * <p>The file is replaced as a whole, so a crash leaves the old one or the new one. Safe to share
 * between threads; {@link #admits} takes no lock and touches no file.
 */
public final class IngestKeys {
  /** For how many days after the first key messages without one may be let in. */
  public static final int MOST_OPEN_DAYS = 90;

  private static final Pattern SECRET = Pattern.compile("key_[A-Za-z0-9_-]{43}");
  private static final String PREFIX = "key_";
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,63}");
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  /** What the file holds. */
  record Register(List<IngestKey> keys) {
    Register {
      keys = List.copyOf(keys);
    }
  }

  /** A key, and the last day of its use, which the file learns later. */
  private static final class Watched {
    private final IngestKey key;
    private volatile @Nullable LocalDate used;

    Watched(IngestKey key) {
      this.key = key;
      this.used = key.lastUsed();
    }

    void use(LocalDate day) {
      if (!day.equals(used)) {
        used = day;
      }
    }

    IngestKey key() {
      return key.usedOn(used);
    }
  }

  /** All keys, as a message is compared with them; never changed, but replaced. */
  private record Known(
      List<Watched> all, Map<String, Watched> byHash, Map<String, Instant> demanded) {

    static Known of(List<IngestKey> keys) {
      List<Watched> all = keys.stream().map(Watched::new).toList();
      Map<String, Watched> byHash = new HashMap<>();
      Map<String, Instant> demanded = new HashMap<>();
      for (Watched one : all) {
        byHash.put(one.key.hash(), one);
        demanded.merge(one.key.product(), one.key.demanded(), (a, b) -> a.isBefore(b) ? a : b);
      }
      return new Known(all, Map.copyOf(byHash), Map.copyOf(demanded));
    }

    List<IngestKey> keys() {
      return all.stream().map(Watched::key).toList();
    }
  }

  private final Path file;
  private final Clock clock;
  private final SecureRandom random;
  private volatile Known known;

  /**
   * Reads the keys of this folder.
   *
   * @throws IOException if the file cannot be read, or is not what this wrote
   */
  public IngestKeys(Path folder, Clock clock, SecureRandom random) throws IOException {
    this.file = PrivateFiles.folder(folder).resolve("ingest-keys.json");
    this.clock = clock;
    this.random = random;
    this.known =
        Known.of(
            StateFile.read(
                    file, Register.class, "then no key is known, and everybody may send again")
                .map(Register::keys)
                .orElse(List.of()));
  }

  /** Whether a word of an address can be a key at all. */
  public static boolean isKey(String word) {
    return SECRET.matcher(word).matches();
  }

  /** Whether a product's message that came with this key, or without one, is let in. */
  public boolean admits(String product, Optional<String> secret) {
    Known now = known;
    if (now.all().isEmpty()) {
      return true;
    }
    Instant time = clock.instant();
    if (secret.isPresent()) {
      Watched watched = now.byHash().get(Secrets.hash(secret.get()));
      if (watched != null && watched.key.product().equals(product) && watched.key.isGood(time)) {
        watched.use(LocalDate.ofInstant(time, ZoneOffset.UTC));
        return true;
      }
    }
    return !demands(now, product, time);
  }

  /** Whether a product's messages need a key now. */
  public boolean demands(String product) {
    return demands(known, product, clock.instant());
  }

  private static boolean demands(Known known, String product, Instant time) {
    Instant demanded = known.demanded().get(product);
    return demanded != null && !demanded.isAfter(time);
  }

  /** All keys, ended ones as well, oldest first. */
  public List<IngestKey> all() {
    return known.keys();
  }

  /**
   * Makes a key, which is shown this once.
   *
   * @param openDays for how many days messages without a key are still let in; counts for the first
   *     key of a product alone
   * @throws AccessException if the name is taken or no name, or the days are not 0 to {@value
   *     #MOST_OPEN_DAYS}
   */
  public synchronized String add(String product, String name, int openDays, String by)
      throws AccessException {
    if (!NAME.matcher(name).matches()) {
      throw new AccessException(
          "name: expected 1 to 64 letters, digits, dots, hyphens, underscores or @");
    }
    if (find(name).isPresent()) {
      throw new AccessException("name: there is an ingest key of this name");
    }
    if (openDays < 0 || openDays > MOST_OPEN_DAYS) {
      throw new AccessException(
          "openDays: expected 0 to " + MOST_OPEN_DAYS + " days without a key");
    }
    String secret = PREFIX + Secrets.fresh(random);
    Instant now = clock.instant();
    List<IngestKey> keys = new ArrayList<>(all());
    keys.add(
        new IngestKey(
            name,
            product,
            Secrets.hash(secret),
            by,
            now,
            now.plus(Duration.ofDays(openDays)),
            null,
            null));
    save(keys);
    return secret;
  }

  /**
   * Ends a key, at once or later; its product goes on to demand one.
   *
   * @param when from when on it is good no more
   * @throws AccessException if there is none of this name
   */
  public synchronized void end(String name, Instant when) throws AccessException {
    IngestKey ended = find(name).orElseThrow(IngestKeys::unknown);
    save(all().stream().map(key -> key.equals(ended) ? key.ending(when) : key).toList());
  }

  /**
   * Takes a key that has ended off the list. With the last one of its product, everybody may send
   * again.
   *
   * @throws AccessException if there is none of this name, or it is still good
   */
  public synchronized void remove(String name) throws AccessException {
    IngestKey removed = find(name).orElseThrow(IngestKeys::unknown);
    if (removed.isGood(clock.instant())) {
      throw new AccessException("this key is still good: end it first");
    }
    save(all().stream().filter(key -> !key.equals(removed)).toList());
  }

  private static AccessException unknown() {
    return new AccessException("no such ingest key");
  }

  /** Writes the days of use to the file, if there are new ones. */
  public synchronized void noteUses() {
    if (known.all().stream().anyMatch(one -> !one.key().equals(one.key))) {
      save(all());
    }
  }

  private Optional<IngestKey> find(String name) {
    return all().stream().filter(key -> key.name().equals(name)).findFirst();
  }

  private void save(List<IngestKey> changed) {
    try {
      PrivateFiles.replace(file, JSON.writeValueAsBytes(new Register(changed)));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
    known = Known.of(changed);
  }
}
