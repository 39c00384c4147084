package dev.candor.cli;

import dev.candor.cli.Chromium.Theme;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Takes the README's pictures anew: {@code scripts/pictures}. */
@InChromium
@EnabledIfSystemProperty(named = "candor.pictures", matches = ".+")
class PicturesTest {
  @Test
  void ofTheReadme(Chromium chromium, @TempDir Path folder) throws IOException {
    try (Site site = Site.ofFleet(folder.resolve("data"), 400, 180)) {
      site.administrator(chromium);
      chromium.size(1280, 860);
      take(chromium, site, "overview", Theme.LIGHT);
      take(chromium, site, "versions", Theme.DARK);
      take(chromium, site, "fleet", Theme.LIGHT);
    }
  }

  private static void take(Chromium chromium, Site site, String page, Theme theme)
      throws IOException {
    chromium.theme(theme);
    chromium.open(site.at("/p/sonarqube/" + page));
    Path images = Path.of(System.getProperty("candor.pictures"));
    Files.write(images.resolve(page + ".png"), chromium.windowPicture());
  }
}
