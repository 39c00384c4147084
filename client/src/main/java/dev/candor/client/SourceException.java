package dev.candor.client;

/** A source's own account of why it has nothing to tell. Its words are shown and logged. */
public class SourceException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Omission reason;

  /**
   * With a reason and words that hold no value of the instance: they are shown and logged.
   *
   * @param message what is wrong and how to mend it
   */
  public SourceException(Omission reason, String message) {
    super(message);
    this.reason = reason;
  }

  /** Why the source's members are missing. */
  public Omission reason() {
    return reason;
  }
}
