package dev.candor.collector;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How a receiver is set up.
 *
 * @param data the data directory, the same as the store's
 * @param host name or address to listen on
 * @param port port to listen on; 0 for any that is free
 * @param bounds what senders may cost
 * @param quarantineDays for how many days to keep, apart, the whole body of a message that lost
 *     something or was refused; 0 keeps none
 * @param maxQuarantine bytes that the quarantine may take on disk; past them nothing more is kept
 *     there
 * @param rekey whether pseudonyms are replaced by a hash under this receiver's own secret
 * @param url where clients reach it, if that is not where it listens: a proxy's address
 */
public record ReceiverSettings(
    Path data,
    String host,
    int port,
    Bounds bounds,
    int quarantineDays,
    long maxQuarantine,
    boolean rekey,
    Optional<URI> url) {

  /** Loopback only, port 7700, no quarantine, pseudonyms replaced. */
  public static ReceiverSettings of(Path data) {
    return new ReceiverSettings(
        data, "127.0.0.1", 7700, Bounds.ofDefaults(), 0, 1L << 30, true, Optional.empty());
  }

  public ReceiverSettings {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port " + port + ": expected 0 to 65535");
    }
    if (quarantineDays < 0 || quarantineDays > 366) {
      throw new IllegalArgumentException(
          "quarantine of " + quarantineDays + " days: expected 0 (off) to 366");
    }
    url = url.map(given -> PublicUrl.of("--ingest-url", given.toString()));
  }

  /** These settings, listening there. */
  public ReceiverSettings withAddress(String newHost, int newPort) {
    return new ReceiverSettings(
        data, newHost, newPort, bounds, quarantineDays, maxQuarantine, rekey, url);
  }

  /** These settings with other bounds. */
  public ReceiverSettings withBounds(Bounds newBounds) {
    return new ReceiverSettings(
        data, host, port, newBounds, quarantineDays, maxQuarantine, rekey, url);
  }

  /** These settings with a quarantine of so many days; 0 for none. */
  public ReceiverSettings withQuarantineDays(int days) {
    return new ReceiverSettings(data, host, port, bounds, days, maxQuarantine, rekey, url);
  }

  /** These settings with pseudonyms replaced on arrival, or kept as they come. */
  public ReceiverSettings withRekey(boolean newRekey) {
    return new ReceiverSettings(
        data, host, port, bounds, quarantineDays, maxQuarantine, newRekey, url);
  }

  /** These settings, reached by clients there. */
  public ReceiverSettings withUrl(Optional<URI> newUrl) {
    return new ReceiverSettings(
        data, host, port, bounds, quarantineDays, maxQuarantine, rekey, newUrl);
  }
}
