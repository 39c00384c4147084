package dev.candor.dictionary;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/**
 * Lets through what the dictionary names, and nothing else. The same code stands at both ends: a
 * receiver keeps whatever passes, a sender sends only what passes {@linkplain Sifted.Kept#whole()
 * whole}.
 *
 * <p>One pass over the message's bytes. Where nothing is left out the result is those bytes; where
 * something is, it is those bytes without it. Safe to share between threads.
 */
public final class Sieve {
  private final Limits limits;
  private final Optional<Rekeying> rekeying;
  private final JsonFactory json;

  /** Of each kind of message that was met; never changed, but replaced by a larger one. */
  private volatile Map<MessageType, Layout.Members> layouts = new IdentityHashMap<>();

  /**
   * A sieve.
   *
   * @param limits bounds on a message
   * @param rekeying how pseudonyms are replaced on arrival; empty to keep them as they come. The
   *     instance's own id always stays
   */
  public Sieve(Limits limits, Optional<Rekeying> rekeying) {
    this.limits = limits;
    this.rekeying = rekeying;
    this.json =
        JsonFactory.builder()
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNestingDepth(limits.maxDepth())
                    .maxStringLength(limits.maxBytes())
                    .maxNameLength(MAX_NAME)
                    .maxNumberLength(MAX_NUMBER)
                    .build())
            .build();
  }

  private static final int MAX_NAME = 1000;
  private static final int MAX_NUMBER = 1000;

  /**
   * Sifts one message. Never throws for what the message holds.
   *
   * @param body the message, inflated. The array is the sieve's from now on: pseudonyms may be
   *     replaced in place
   * @param type what kind of message it should be
   */
  public Sifted sift(byte[] body, MessageType type) {
    if (body.length > limits.maxBytes()) {
      return new Sifted.Refused(
          List.of(
              new Finding(
                  Reason.BOUND, "", "", "expected at most " + limits.maxBytes() + " bytes", 0, 0)));
    }
    QuickSift quick = new QuickSift(limits, rekeying, body, type, layout(type));
    return quick.run().orElseGet(() -> siftClosely(body, type, quick.rekeyed()));
  }

  /** By tokens, whatever the message holds. */
  Sifted siftClosely(byte[] body, MessageType type, int rekeyed) {
    return new Sifting(json, limits, rekeying, body, type, rekeyed).run();
  }

  private Layout.Members layout(MessageType type) {
    Layout.Members known = layouts.get(type);
    if (known != null) {
      return known;
    }
    Layout.Members layout = new Layout.Members(type.root());
    Map<MessageType, Layout.Members> more = new IdentityHashMap<>(layouts);
    more.put(type, layout);
    layouts = more;
    return layout;
  }
}
