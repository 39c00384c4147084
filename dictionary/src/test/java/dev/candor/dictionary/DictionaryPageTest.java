package dev.candor.dictionary;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class DictionaryPageTest {
  private static final String ODD =
      "\"x-why\":\"to test\",\"x-since\":\"2.0\",\"x-group\":\"Cups\",\"examples\":[3,4]";

  private static final Dictionary KETTLE =
      Dictionary.parse(
          Kettle.DICTIONARY
              .replace("A word.", "A word | <script>alert(1)</script> & more.")
              .replace("\"x-why\":\"to test\",\"x-since\":\"1.0\",\"examples\":[3]", ODD)
              .getBytes(StandardCharsets.UTF_8));

  @Test
  void markdownListsEveryFieldOnce() {
    assertThat(DictionaryPage.markdown(KETTLE))
        .startsWith("# What information does Kettle send?\n\nA kettle's pings.\n\n## Ping\n")
        .contains("\nSent daily.\n")
        .contains("\n### Cups\n")
        .contains("| cups | count | A count. | to test | 2.0 | 3 |\n")
        .contains("| users[].user | pseudonym | An id. | to test | 1.0 | \"00ff00ff\" |\n")
        .contains("| users[].cups | count |")
        .contains("| A word \\| &lt;script>alert(1)&lt;/script> & more. |")
        .containsOnlyOnce("| brew |");
  }

  @Test
  void htmlStandsAloneAndEscapesItsText() {
    assertThat(DictionaryPage.html(KETTLE))
        .startsWith("<!doctype html>")
        .endsWith("</html>\n")
        .contains("<td>users[].user</td><td>pseudonym</td>")
        .contains("A word | &lt;script&gt;alert(1)&lt;/script&gt; &amp; more.")
        .doesNotContain("<script", "http://", "https://");
  }

  @Test
  void theGuidesExampleIsADictionary() throws IOException {
    String guide = Files.readString(Path.of("..", "docs", "dictionary.md"));
    int start = guide.indexOf("```json\n") + "```json\n".length();
    String example = guide.substring(start, guide.indexOf("```", start));
    assertThat(Dictionary.parse(example.getBytes(StandardCharsets.UTF_8)).messages())
        .extracting(MessageType::name)
        .containsExactly("ping", "opt-out");
  }
}
