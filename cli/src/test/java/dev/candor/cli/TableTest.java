package dev.candor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class TableTest {
  @Test
  void numbersStandRightAndTheGreatestBarFillsItsRoom() {
    Table table =
        new Table(
            List.of("version", "instances"),
            List.of(List.of("9.9.8", 16L), List.of("9.7", 8L), List.of("8.9", 0L)),
            OptionalInt.of(1));
    assertThat(table.lines(34))
        .containsExactly(
            "version  instances",
            "───────  ─────────",
            "9.9.8           16  " + "█".repeat(14),
            "9.7              8  " + "█".repeat(7),
            "8.9              0");
  }

  @Test
  void whatIsThereAtAllShows() {
    assertThat(Table.bar(0.0001, 20)).isEqualTo("▏");
    assertThat(Table.bar(0.5, 1)).isEqualTo("▌");
    assertThat(Table.bar(0, 20)).isEmpty();
    assertThat(Table.bar(1, 3)).isEqualTo("███");
  }

  @Test
  void wideWordsAreShortenedAndNoLineIsWiderThanTheTerminal() {
    Table table =
        new Table(List.of("name", "n"), List.of(List.of("x".repeat(200), 5L)), OptionalInt.of(1));
    assertThat(table.lines(60))
        .allMatch(line -> line.length() <= 60)
        .anyMatch(l -> l.contains("…"));
  }

  @Test
  void missingValuesAreEmptyAndControlCharactersHarmless() {
    Table table =
        new Table(
            List.of("name", "n"),
            List.of(Arrays.asList("a\u001b[31mb", null), Arrays.asList("c", 1234567L)),
            OptionalInt.empty());
    assertThat(table.lines(80).get(2)).isEqualTo("a [31mb");
    assertThat(table.lines(80).get(3)).isEqualTo("c        1 234 567");
  }
}
