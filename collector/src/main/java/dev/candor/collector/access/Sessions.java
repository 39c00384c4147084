package dev.candor.collector.access;

import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The open sessions, in memory alone: a restart signs everybody out. Only the hash of a session's
 * secret is kept. A session is made at sign-in and never before, so that none can be planted.
 */
public final class Sessions {
  /** A session that was not used for so long is over. */
  public static final Duration IDLE = Duration.ofMinutes(60);

  /** No session lasts longer. */
  public static final Duration LONGEST = Duration.ofHours(12);

  private final Map<String, Session> open = new HashMap<>();
  private final Clock clock;
  private final SecureRandom random;

  /** None is open yet. */
  public Sessions(Clock clock, SecureRandom random) {
    this.clock = clock;
    this.random = random;
  }

  /**
   * Opens a session and gives its secret.
   *
   * @param signOut where their provider ends its own session; empty for passwords
   */
  public synchronized String open(Who who, Optional<URI> signOut) {
    Instant now = clock.instant();
    open.values().removeIf(session -> isOver(session, now));
    String secret = Secrets.fresh(random);
    open.put(Secrets.hash(secret), new Session(who, Secrets.fresh(random), now, now, signOut));
    return secret;
  }

  /** The session of this secret, if it is still open. */
  public synchronized Optional<Session> of(String secret) {
    String hash = Secrets.hash(secret);
    Session session = open.get(hash);
    Instant now = clock.instant();
    if (session == null || isOver(session, now)) {
      open.remove(hash);
      return Optional.empty();
    }
    Session used =
        new Session(session.who(), session.csrf(), session.since(), now, session.signOut());
    open.put(hash, used);
    return Optional.of(used);
  }

  private static boolean isOver(Session session, Instant now) {
    return session.seen().plus(IDLE).isBefore(now) || session.since().plus(LONGEST).isBefore(now);
  }

  /** Ends one. */
  public synchronized void end(String secret) {
    open.remove(Secrets.hash(secret));
  }

  /** Ends all of somebody's, as after a change of their role or password. */
  public synchronized void endAllOf(String name) {
    open.values().removeIf(session -> session.who().name().equals(name));
  }
}
