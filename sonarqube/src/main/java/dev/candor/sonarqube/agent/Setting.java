package dev.candor.sonarqube.agent;

/**
 * One setting and where it stands.
 *
 * @param key as the product reads it
 * @param value as it counts: variables put in, not decrypted
 * @param origin {@code conf/sonar.properties, line 12}, or the environment variable
 */
record Setting(String key, String value, String origin) {

  /** Without the value, which may be a secret. */
  @Override
  public String toString() {
    return key + " (" + origin + ")";
  }
}
