package dev.candor.cli;

import java.io.IOException;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Tests that look at a dashboard in a real Chromium. They may ask for a {@link Chromium} and a
 * {@link Site}, which all of them share. Without the browser or its driver they are skipped, or
 * fail if {@code -Dcandor.browser} is given; with {@code -Dcandor.browser=full} they look longer.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(InChromium.Extension.class)
@Timeout(value = 20, unit = TimeUnit.MINUTES)
@interface InChromium {

  /** Starts both with the first test that needs them, and ends them with the last test of all. */
  final class Extension implements ExecutionCondition, BeforeEachCallback, ParameterResolver {
    private static final String WANTED = "candor.browser";
    private static final String MISSING =
        "no Chromium with its driver on the PATH: \"./candor test --browser\" installs them on a"
            + " Debian";

    /** Whether to look at every page in every way. */
    static boolean isFull() {
      return "full".equals(System.getProperty(WANTED));
    }

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      if (Chromium.Programs.find().isPresent()) {
        return ConditionEvaluationResult.enabled("there is a Chromium");
      }
      if (System.getProperty(WANTED) != null) {
        throw new IllegalStateException(MISSING);
      }
      return ConditionEvaluationResult.disabled(MISSING);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
      shared(context).chromium.reset();
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return List.of(Chromium.class, Site.class).contains(parameter.getParameter().getType());
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
      Shared shared = shared(context);
      return parameter.getParameter().getType() == Site.class ? shared.site : shared.chromium;
    }

    private static Shared shared(ExtensionContext context) {
      return context
          .getRoot()
          .getStore(ExtensionContext.Namespace.create(Extension.class))
          .computeIfAbsent(Shared.class, _ -> Shared.start(), Shared.class);
    }
  }

  /** What the tests share. JUnit closes it. */
  record Shared(Path folder, Chromium chromium, Site site, Logger quiet) implements AutoCloseable {
    static Shared start() {
      // It says at each start that it does not know the newest Chromium's debugging protocol.
      Logger quiet = Logger.getLogger("org.openqa.selenium");
      quiet.setLevel(Level.SEVERE);
      try {
        Path folder = Files.createTempDirectory("candor-browser-");
        try {
          Chromium chromium = new Chromium(Chromium.Programs.find().orElseThrow(), folder);
          return new Shared(folder, chromium, Site.ofFleet(folder.resolve("data")), quiet);
        } catch (IOException | RuntimeException e) {
          delete(folder);
          throw e;
        }
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }

    @Override
    public void close() throws Exception {
      chromium.close();
      site.close();
      delete(folder);
    }

    private static void delete(Path folder) throws IOException {
      try (Stream<Path> all = Files.walk(folder)) {
        for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(path);
        }
      }
    }
  }
}
