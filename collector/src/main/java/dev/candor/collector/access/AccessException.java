package dev.candor.collector.access;

/** What was asked for cannot be done; the message says why, to whoever asked. */
public final class AccessException extends Exception {
  private static final long serialVersionUID = 1;

  private final String why;

  /** For this reason. */
  public AccessException(String why) {
    super(why);
    this.why = why;
  }

  /** Why, for whoever asked. */
  public String why() {
    return why;
  }
}
