package dev.candor.store;

import dev.candor.dictionary.Dictionary;
import dev.candor.dictionary.MessageType;
import java.util.Map;
import java.util.Optional;

/**
 * The messages of one type of one product.
 *
 * @param product whose
 * @param type which
 * @param columns the columns of their table, those that the store adds left out
 * @param journal where they are kept until they are in the table
 */
record MessageStream(
    Product product, MessageType type, Map<String, ColumnType> columns, Journal journal) {

  /** Its name among all streams. */
  static String name(Dictionary dictionary, MessageType type) {
    return dictionary.product() + "/" + type.name();
  }

  String name() {
    return name(product.dictionary(), type);
  }

  /** Its table, as SQL writes it. */
  String table() {
    return table(product, type);
  }

  /** The table of a message, as SQL writes it. */
  static String table(Product product, MessageType type) {
    return Columns.name(product.name()) + "." + Columns.name(Columns.table(type));
  }

  /** The column with the instance's id, as SQL writes it. */
  String id() {
    return Columns.name(type.id());
  }

  /** What is to run after such messages came. */
  Optional<String> refresh() {
    return product.timeline().map(timeline -> timeline.refresh(type));
  }
}
