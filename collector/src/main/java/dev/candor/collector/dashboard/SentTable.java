package dev.candor.collector.dashboard;

import dev.candor.dictionary.DictionaryPage;
import dev.candor.dictionary.MessageType;
import java.util.List;

/**
 * A table of the page "What is sent".
 *
 * @param message kind of message that it is about
 * @param title heading; empty if it has none
 * @param fields its rows
 */
public record SentTable(MessageType message, String title, List<Field> fields) {
  /**
   * A field.
   *
   * @param cells what {@link DictionaryPage#headings} say
   * @param filled how often it is filled, as people read it
   * @param percent the same, to draw; negative for nothing to draw
   */
  public record Field(List<String> cells, String filled, double percent) {}
}
