package dev.candor.sonarqube;

import dev.candor.dictionary.Dictionary;
import dev.candor.dictionary.Limits;
import dev.candor.dictionary.MessageType;
import dev.candor.dictionary.Sieve;
import dev.candor.dictionary.Sifted;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;

/** Recorded messages in the test resources. */
final class Pings {
  static final Dictionary DICTIONARY = SonarQube.dictionary();

  private Pings() {}

  static MessageType type(String name) {
    return DICTIONARY.message(
        name.contains("-DELETE") ? "opt-out" : name.contains("-metrics-") ? "metrics" : "ping");
  }

  static Sifted sift(String name) {
    return new Sieve(Limits.DEFAULT, Optional.empty()).sift(bytes(name), type(name));
  }

  private static byte[] bytes(String name) {
    try (InputStream in = Pings.class.getResourceAsStream("/pings/" + name + ".json")) {
      if (in == null) {
        throw new IllegalArgumentException("no recorded message is named " + name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
