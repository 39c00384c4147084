package dev.candor.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The rooms of the house and the arrows between them: a room may use itself and what is named. */
class ArrowsTest {
  private static final Map<String, List<String>> ROOMS =
      Map.of(
          "dictionary", List.of(),
          "client", List.of("dictionary"),
          "sonarqube", List.of("client", "dictionary"),
          "store", List.of("dictionary"),
          "collector", List.of("store", "dictionary"));
  private static final List<String> BUILT =
      List.of("dictionary", "client", "sonarqube", "store", "collector");

  private static final JavaClasses OURS =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.candor");

  @TestFactory
  Stream<DynamicTest> arrowsRunOneWay() {
    return BUILT.stream()
        .map(
            room ->
                DynamicTest.dynamicTest(
                    room,
                    () -> {
                      assertThat(in(room)).as("classes seen in " + room).isNotEmpty();
                      classes()
                          .that()
                          .resideInAPackage("dev.candor." + room + "..")
                          .should()
                          .onlyDependOnClassesThat(fit(room))
                          .check(OURS);
                    }));
  }

  @Test
  void dictionaryNeedsJavaAndTheJsonParserOnly() {
    classes()
        .that()
        .resideInAPackage("dev.candor.dictionary..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "dev.candor.dictionary..",
            "java..",
            "javax.crypto..",
            "tools.jackson..",
            "org.jspecify..")
        .check(OURS);
  }

  /** It lives in other people's programs. */
  @Test
  void clientNeedsJavaAndTheDictionaryOnly() {
    classes()
        .that()
        .resideInAPackage("dev.candor.client..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "dev.candor.client..", "dev.candor.dictionary..", "java..", "javax..", "org.jspecify..")
        .check(OURS);
  }

  @Test
  void allRoomsAreSeen() {
    for (String room : BUILT) {
      assertThat(in(room)).as("classes seen in " + room).hasSizeGreaterThan(0);
    }
    assertThat(in("cli")).hasSizeGreaterThan(20);
  }

  private static List<JavaClass> in(String room) {
    List<JavaClass> found = new ArrayList<>();
    for (JavaClass one : OURS) {
      // A package-info alone would satisfy any rule.
      if ((one.getPackageName() + ".").startsWith("dev.candor." + room + ".")
          && !one.getSimpleName().equals("package-info")) {
        found.add(one);
      }
    }
    return found;
  }

  /** Foreign classes, and those of the rooms that this one may use. */
  private static DescribedPredicate<JavaClass> fit(String room) {
    return DescribedPredicate.describe(
        "are foreign, its own, or of " + ROOMS.get(room),
        target -> {
          String name = target.getPackageName() + ".";
          return !name.startsWith("dev.candor.")
              || name.startsWith("dev.candor." + room + ".")
              || ROOMS.get(room).stream().anyMatch(r -> name.startsWith("dev.candor." + r + "."));
        });
  }
}
