package dev.candor.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class CsvTest {
  private static String line(Object... cells) throws Exception {
    StringBuilder out = new StringBuilder();
    new Csv(out, "\n").line(Arrays.asList(cells));
    return out.toString();
  }

  @Test
  void noTextIsAFormula() throws Exception {
    for (String formula :
        List.of("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "＝1", "＠x", "-", "=")) {
      assertThat(line(formula)).as(formula).isEqualTo("'" + formula + "\n");
    }
    assertThat(line("\r=1", "=a,b", "=\"x\"")).isEqualTo("\"'\r=1\",\"'=a,b\",\"'=\"\"x\"\"\"\n");
  }

  @Test
  void whatIsNoFormulaStaysAsItIs() throws Exception {
    assertThat(line("a-b", "9.9", -5, -0.5, LocalDate.of(2026, 11, 23), null, true, "a=b"))
        .isEqualTo("a-b,9.9,-5,-0.5,2026-11-23,,true,a=b\n");
    assertThat(line("a,b", "a\"b", "a\nb")).isEqualTo("\"a,b\",\"a\"\"b\",\"a\nb\"\n");
    assertThat(line((Object) null)).isEqualTo("\"\"\n");
  }
}
