package dev.candor.collector.dashboard;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;

/** Style sheet, scripts and icon, from the jars; each is asked for by a hash of what it holds. */
final class Assets {
  private record Asset(String type, byte[] bytes, String hash) {}

  private static final String ECHARTS = "/META-INF/resources/_static/echarts/";
  private static final String ECHARTS_POM = "/META-INF/maven/org.mvnpm/echarts/pom.properties";

  private final Map<String, Asset> assets = new LinkedHashMap<>();

  Assets() {
    add("app.css", "text/css; charset=utf-8", "app.css");
    add("app.js", "text/javascript; charset=utf-8", "app.js");
    add("icon.svg", "image/svg+xml", "icon.svg");
    add(
        "echarts.js",
        "text/javascript; charset=utf-8",
        ECHARTS + version() + "/dist/echarts.min.js");
  }

  private static String version() {
    try (InputStream in = Assets.class.getResourceAsStream(ECHARTS_POM)) {
      Properties properties = new Properties();
      if (in != null) {
        properties.load(in);
      }
      return properties.getProperty("version", "6.0.0");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void add(String name, String type, String resource) {
    try (InputStream in = Assets.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("the build left out " + resource);
      }
      byte[] bytes = in.readAllBytes();
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
      assets.put(name, new Asset(type, bytes, HexFormat.of().formatHex(hash, 0, 8)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no SHA-256", e);
    }
  }

  /** Where a page finds it. */
  String href(String name) {
    Asset asset = assets.get(name);
    return "/assets/" + name + "?v=" + (asset == null ? "" : asset.hash());
  }

  Reply answer(Ask ask) {
    Asset asset = assets.get(ask.name("name"));
    if (asset == null) {
      throw HttpException.notFound("file");
    }
    return Reply.of(200, asset.type(), asset.bytes())
        .with("Cache-Control", "public, max-age=31536000, immutable");
  }
}
