package dev.candor.dictionary;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tables against {@code java.util.regex}, which says what is right. */
class StringGrammarTest {
  private static final String ALPHABET = "abcxyzABZ01256789._-+ ()T:/<>\u0000\n\"\\é\ud800";

  private static StringGrammar of(String regex, boolean noAddress) {
    return new StringGrammar(Set.of(), Optional.of(Pattern.compile(regex)), 0, 40, noAddress);
  }

  private static void agree(StringGrammar grammar, String text, String as) {
    boolean right = grammar.fitsUncompiled(text);
    assertThat(grammar.fits(text)).as("%s: <%s>", as, text).isEqualTo(right);
    String first = text.split("\"", -1)[0];
    boolean plain = first.chars().allMatch(c -> c >= ' ' && c < 127 && c != '\\');
    byte[] body = (text + "\"").getBytes(StandardCharsets.UTF_8);
    assertThat(grammar.end(body, 0))
        .as("%s: <%s> as bytes", as, text)
        .isEqualTo(plain && grammar.fitsUncompiled(first) ? first.length() : -1);
  }

  @Test
  void randomExpressionsMeanTheSame() {
    long seed = 20261124;
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    int fitting = 0;
    for (int i = 0; i < 3000; i++) {
      String regex = "^" + expression(random, 3) + "$";
      StringGrammar grammar = of(regex, random.nextInt(4) == 0);
      assertThat(grammar.isCompiled()).as("seed %d: %s", seed, regex).isTrue();
      for (int j = 0; j < 60; j++) {
        String text = text(random);
        agree(grammar, text, "seed " + seed + ", " + regex);
        fitting += grammar.fits(text) ? 1 : 0;
      }
    }
    assertThat(fitting).isGreaterThan(5000);
  }

  @Test
  void textsThatAlmostFit() {
    long seed = 20261125;
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    List<String> samples =
        List.of(
            "ae93915a827983eaac453e2a4701b31d8918492a55aee2f747139561",
            "08ac16a1-1603-404e-81e9-0184e38cfd71",
            "AV8WJCz7leTHsONfkGE1",
            "9.7.0.61563",
            "10.20.30.40",
            "256.1.1.1",
            "2022-09-07T00:28:14+0000",
            "2022-09-07T00:28:14.123Z");
    List<String> patterns =
        List.of(
            "^(?:[0-9a-f]{56}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[A-Za-z0-9_-]{20,40})$",
            "^[0-9]{1,6}(?:\\.[0-9]{1,9}){0,4}(?:-(?:SNAPSHOT|RC[0-9]{0,2}))?$",
            "^[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]"
                + "(?:\\.[0-9]{1,9})?(?:Z|[+-][0-9]{2}:?[0-9]{2})$");
    for (String pattern : patterns) {
      for (boolean noAddress : new boolean[] {true, false}) {
        StringGrammar grammar =
            new StringGrammar(Set.of(), Optional.of(Pattern.compile(pattern)), 0, 56, noAddress);
        for (String sample : samples) {
          agree(grammar, sample, pattern);
          for (int i = 0; i < 2000; i++) {
            agree(grammar, spoilt(random, sample), "seed " + seed + ", " + pattern);
          }
        }
      }
    }
  }

  @Test
  void anAddressIsNoVersion() {
    StringGrammar grammar = of("^[0-9]{1,6}(?:\\.[0-9]{1,9}){0,4}$", true);
    for (int i = 0; i < 1000; i++) {
      agree(grammar, i + ".1.2.3", "first");
      agree(grammar, "1.2.3." + i, "last");
      agree(grammar, "1.0" + i + ".2.3", "zero before");
    }
    assertThat(grammar.fits("192.168.0.1")).isFalse();
    assertThat(grammar.fits("9.7.0.61563")).isTrue();
  }

  @Test
  void words() {
    Set<String> words = Set.of("Azure DevOps", "Azure", "git", "gitlab_cloud", "c++", "10.0.0.1");
    for (boolean noAddress : new boolean[] {true, false}) {
      StringGrammar grammar = new StringGrammar(words, Optional.empty(), 0, 3, noAddress);
      for (String word : words) {
        for (int i = 0; i <= word.length(); i++) {
          agree(grammar, word.substring(0, i), "words");
          agree(grammar, word.substring(0, i) + "x" + word.substring(i), "words");
        }
        agree(grammar, word, "words");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "^[^a]$",
        "^.$",
        "^\\d{2}$",
        "^a*?$",
        "^a{1,3}+$",
        "^(?i)a$",
        "^(?=a)a$",
        "^(a)\\1$",
        "^[a-c&&b]$",
        "^[a-[b]]$",
        "^\\w$",
        "^[\\s\\S]{1,3}$",
        "^é$",
        "^a\"b$",
        "^a\\\\b$",
        "^a^b$",
        "^a$b$",
        "^[--a]$",
        "^a{2000}$",
        "^(?<n>a)$",
        "^\\Qa\\E$",
        "^a\\$"
      })
  void whatItDoesNotKnowIsLeftToTheLibrary(String regex) {
    assertThat(ExpressionReader.read(regex)).isEmpty();
    StringGrammar grammar = of(regex, false);
    assertThat(grammar.isCompiled()).isFalse();
    for (String text : List.of("a", "b", "aa", "12", "aaa", "é", "", "a\nb", "-")) {
      agree(grammar, text, regex);
    }
  }

  private static String expression(RandomGenerator random, int depth) {
    if (depth == 0 || random.nextInt(3) == 0) {
      return atom(random);
    }
    return switch (random.nextInt(5)) {
      case 0 -> expression(random, depth - 1) + expression(random, depth - 1);
      case 1 -> "(?:" + expression(random, depth - 1) + "|" + expression(random, depth - 1) + ")";
      case 2 -> "(" + expression(random, depth - 1) + ")" + times(random);
      case 3 -> atom(random) + times(random) + expression(random, depth - 1);
      default -> atom(random) + times(random);
    };
  }

  private static String times(RandomGenerator random) {
    int least = random.nextInt(3);
    return switch (random.nextInt(6)) {
      case 0 -> "?";
      case 1 -> "*";
      case 2 -> "+";
      case 3 -> "{" + least + "}";
      case 4 -> "{" + least + ",}";
      default -> "{" + least + "," + (least + random.nextInt(4)) + "}";
    };
  }

  private static String atom(RandomGenerator random) {
    String[] atoms = {
      "a",
      "b",
      "x",
      "0",
      "\\.",
      "-",
      "_",
      "\\+",
      "[ab]",
      "[a-z]",
      "[0-9]",
      "[A-Za-z0-9_-]",
      "[-.]",
      "[+-]",
      "[0-9a-f]",
      "[.]",
      " ",
      "\\(",
      "T",
      ":"
    };
    return atoms[random.nextInt(atoms.length)];
  }

  private static String text(RandomGenerator random) {
    StringBuilder text = new StringBuilder();
    int length = random.nextInt(6);
    int kinds = random.nextBoolean() ? 4 : ALPHABET.length();
    for (int i = 0; i < length; i++) {
      text.append(ALPHABET.charAt(random.nextInt(kinds)));
    }
    return text.toString();
  }

  private static String spoilt(RandomGenerator random, String sample) {
    StringBuilder text = new StringBuilder(sample);
    int at = random.nextInt(text.length());
    char c = ALPHABET.charAt(random.nextInt(ALPHABET.length()));
    switch (random.nextInt(4)) {
      case 0 -> text.setCharAt(at, c);
      case 1 -> text.insert(at, c);
      case 2 -> text.deleteCharAt(at);
      default -> text.setLength(at);
    }
    return text.toString();
  }
}
