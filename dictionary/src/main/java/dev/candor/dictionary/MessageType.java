package dev.candor.dictionary;

/**
 * One kind of message that a product sends.
 *
 * @param name {@code ping}, {@code metrics}, {@code opt-out}: lower-case letters and hyphens
 * @param method HTTP method by which it is sent, {@code POST} or {@code DELETE}
 * @param path path below the product's own, {@code ""} or such as {@code /metrics}
 * @param id the one member that every such message must have: the instance's id
 * @param title heading for people
 * @param description what it is for, in a sentence
 * @param root what it may hold
 */
public record MessageType(
    String name,
    String method,
    String path,
    String id,
    String title,
    String description,
    Node.Obj root) {

  /** Whether it says that an instance sends no more: such a message is sent by {@code DELETE}. */
  public boolean isOptOut() {
    return method.equals("DELETE");
  }
}
