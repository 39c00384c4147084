package dev.candor.collector.dashboard;

import dev.candor.collector.access.Role;
import dev.candor.collector.access.Session;
import dev.candor.store.Page;
import dev.candor.store.Product;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is around each page.
 *
 * @param title of the page
 * @param product of which it is
 * @param products all of them
 * @param current address of the page, to mark it in the menu
 * @param query the filters that links to other reports keep, as a query; empty for none
 * @param session whose it is; empty before they signed in
 */
public record Shell(
    String title,
    Product product,
    List<Product> products,
    String current,
    String query,
    Optional<Session> session) {

  /** A place in the menu. */
  public record Link(String path, String query, String title) {
    Link(String path, String title) {
      this(path, "", title);
    }
  }

  /** Places in the menu that belong together. */
  public record Menu(String title, List<Link> links) {}

  /** What every form must bring back. */
  public String csrf() {
    return session.map(Session::csrf).orElse("");
  }

  /** Where the product's pages are. */
  public String base() {
    return "/p/" + product.name();
  }

  private boolean may(Role role) {
    return session.map(s -> s.who().role().covers(role)).orElse(false);
  }

  /** The menu as whoever looks may use it. */
  public List<Menu> menus() {
    if (session.isEmpty()) {
      return List.of();
    }
    List<Link> reports = new ArrayList<>();
    for (Page page : product.pages()) {
      if (!page.isForOneInstance()
          && (may(Role.ANALYST) || page.reports().stream().anyMatch(this::isForViewers))) {
        reports.add(new Link(base() + "/" + page.name(), query, page.title()));
      }
    }
    List<Link> more = new ArrayList<>();
    if (may(Role.ANALYST) && !product.timeline().isEmpty()) {
      more.add(new Link(base() + "/instances", query, "Instances"));
    }

    more.add(new Link(base() + "/dictionary", "What is sent"));
    more.add(new Link(base() + "/reports", query, "All reports"));
    if (may(Role.ANALYST)) {
      more.add(new Link(base() + "/query", "Own query"));
    }
    List<Menu> menus = new ArrayList<>();
    menus.add(new Menu("Usage", reports));
    menus.add(new Menu("Data", more));
    if (may(Role.ADMINISTRATOR)) {
      menus.add(
          new Menu(
              "Administration",
              List.of(
                  new Link("/admin/users", "Users"),
                  new Link("/admin/tokens", "Tokens"),
                  new Link("/admin/keys", "Ingest keys"),
                  new Link("/admin/settings", "Settings"),
                  new Link("/admin/audit", "Audit log"))));
    }
    return menus;
  }

  private boolean isForViewers(String report) {
    return product.report(report).map(r -> !r.isAboutSingleInstances()).orElse(false);
  }
}
