package dev.candor.collector;

import dev.candor.dictionary.Dictionary;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Which message comes in at which path by which method, from the products' dictionaries. */
final class Routes {
  private final Map<String, Map<String, Route>> byPath = new TreeMap<>();

  Routes(List<Dictionary> products) {
    for (Dictionary product : products) {
      product.messages().forEach(type -> add(Route.of(product, type)));
    }
  }

  private void add(Route route) {
    String path = "/" + route.product().product() + route.type().path();
    Route before =
        byPath.computeIfAbsent(path, _ -> new TreeMap<>()).put(route.type().method(), route);
    if (before != null || path.equals("/metrics") || path.startsWith("/health/")) {
      throw new IllegalArgumentException(
          "two things would be at " + route.type().method() + " " + path);
    }
  }

  /** The routes at a path by their methods; empty for an unknown path. */
  Map<String, Route> at(String path) {
    return byPath.getOrDefault(path, Map.of());
  }

  /** The route of a message by its product's and its own name. */
  Optional<Route> named(String product, String message) {
    return byPath.values().stream()
        .flatMap(methods -> methods.values().stream())
        .filter(route -> route.product().product().equals(product))
        .filter(route -> route.type().name().equals(message))
        .findFirst();
  }
}
