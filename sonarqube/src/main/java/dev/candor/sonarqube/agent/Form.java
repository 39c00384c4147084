package dev.candor.sonarqube.agent;

/** Which members the payload has. */
public enum Form {
  /** Those of SonarQube's documentation, all that can be filled. */
  PAGE,
  /** Those of a SonarQube 9.7 on the wire. */
  SONARQUBE
}
