package dev.candor.collector.dashboard;

import dev.candor.collector.access.Session;
import dev.candor.store.Product;
import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.TemplateOutput;
import gg.jte.output.StringOutput;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Fills the templates, which were checked when they were compiled. */
final class Html {
  private static final String PACKAGE = "dev.candor.collector.dashboard.pages";

  private final TemplateEngine engine =
      TemplateEngine.createPrecompiled(
          null, ContentType.Html, Html.class.getClassLoader(), PACKAGE);
  private final Assets assets;
  private final List<Product> products;

  Html(Assets assets, List<Product> products) {
    this.assets = assets;
    this.products = products;
  }

  /** The page of that template; the template names what it needs of the model. */
  String page(String template, Shell shell, Map<String, Object> model) {
    Map<String, Object> all = new HashMap<>(model);
    all.put("shell", shell);
    all.put("site", new Site(assets::href));
    TemplateOutput out = new StringOutput(16 << 10);
    engine.render(template + ".jte", all, out);
    return out.toString();
  }

  String message(
      Optional<Session> session, String title, String detail, Map<String, String> typed) {
    return page(
        "message",
        new Shell(title, products.getFirst(), products, "", "", session),
        Map.of("detail", detail, "typed", typed));
  }

  Shell shell(String title, Ask ask) {
    return shell(title, products.getFirst(), ask);
  }

  Shell shell(String title, Product product, Ask ask) {
    Map<String, String> kept = new LinkedHashMap<>(ask.query());
    kept.keySet().retainAll(Panels.filterNames(product));
    kept.values().removeIf(String::isBlank);
    return new Shell(title, product, products, ask.path(), Pages.query(kept), ask.session());
  }
}
