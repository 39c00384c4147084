package dev.candor.sonarqube.agent;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One setting and where it stands.
 *
 * @param key as the product reads it
 * @param value as it counts: variables put in, not decrypted
 * @param origin {@code conf/sonar.properties, line 12}, or the environment variable
 */
record Setting(String key, String value, String origin) {
  /** How a variable stands in a value. */
  static final Pattern VARIABLE = Pattern.compile("\\$\\{env:([^}]+)}");

  /** Why the value cannot be used: it needs a variable that is not set. */
  Optional<String> problem() {
    Matcher variable = VARIABLE.matcher(value);
    return variable.find()
        ? Optional.of(
            key
                + ": the environment variable "
                + variable.group(1)
                + " is not set ("
                + origin
                + ")")
        : Optional.empty();
  }

  /** Without the value, which may be a secret. */
  @Override
  public String toString() {
    return key + " (" + origin + ")";
  }
}
