package dev.candor.cli.fleet;

import org.jspecify.annotations.Nullable;

/**
 * Writes JSON text in the given order, as the product does: no spaces, members without a value left
 * out. Strings are the fleet's own words, which need no escaping.
 */
final class Json {
  private final StringBuilder text = new StringBuilder(4096);
  private boolean first = true;

  Json open() {
    comma();
    text.append('{');
    first = true;
    return this;
  }

  Json close() {
    text.append('}');
    first = false;
    return this;
  }

  Json object(String name) {
    key(name);
    text.append('{');
    first = true;
    return this;
  }

  Json array(String name) {
    key(name);
    text.append('[');
    first = true;
    return this;
  }

  Json end() {
    text.append(']');
    first = false;
    return this;
  }

  Json with(String name, @Nullable String value) {
    if (value != null) {
      key(name);
      text.append('"').append(value).append('"');
    }
    return this;
  }

  Json with(String name, long value) {
    key(name);
    text.append(value);
    return this;
  }

  Json with(String name, boolean value) {
    key(name);
    text.append(value);
    return this;
  }

  Json item(String value) {
    comma();
    text.append('"').append(value).append('"');
    return this;
  }

  private void key(String name) {
    comma();
    text.append('"').append(name).append("\":");
  }

  private void comma() {
    if (!first) {
      text.append(',');
    }
    first = false;
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
