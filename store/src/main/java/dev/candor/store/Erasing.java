package dev.candor.store;

import dev.candor.dictionary.MessageType;
import java.io.IOException;
import java.sql.SQLException;
import java.sql.Statement;

/** Takes what instances sent out of a product's tables. */
final class Erasing {
  private static final String EVER = "9999-12-31";

  private final Database database;

  Erasing(Database database) {
    this.database = database;
  }

  /**
   * Erases all messages of an instance.
   *
   * @return how many
   */
  long all(Product product, String id) throws SQLException, IOException {
    long erased =
        database.atOnce(
            sql -> {
              sql.execute("CREATE OR REPLACE TEMP TABLE erased (id VARCHAR, until TIMESTAMP)");
              sql.execute(
                  "INSERT INTO erased VALUES ("
                      + Columns.text(id)
                      + ", "
                      + Columns.text(EVER)
                      + ")");
              return takeErased(sql, product);
            });
    try (Statement sql = database.statement()) {
      sql.execute("CHECKPOINT"); // The log of changes still had it.
    }
    return erased;
  }

  /** Takes out of all tables of a product what its table of erased instances names. */
  private static long takeErased(Statement sql, Product product) throws SQLException {
    Schema.search(sql, product);
    if (!product.upkeep().erase().isBlank()) {
      sql.execute(product.upkeep().erase());
    }
    long messages = 0;
    for (MessageType type : product.dictionary().messages()) {
      messages +=
          sql.executeLargeUpdate(
              "DELETE FROM "
                  + Columns.name(Columns.table(type))
                  + " AS m USING erased AS e WHERE m."
                  + Columns.name(type.id())
                  + " = e.id AND (m._received <= e.until OR m._received IS NULL)");
    }
    sql.execute("DROP TABLE erased");
    return messages;
  }
}
