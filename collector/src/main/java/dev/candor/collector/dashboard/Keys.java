package dev.candor.collector.dashboard;

import dev.candor.collector.Receiver;
import dev.candor.collector.access.AccessException;
import dev.candor.collector.access.Audit;
import dev.candor.collector.access.IngestKeys;
import dev.candor.collector.access.Role;
import dev.candor.store.Product;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The ingest keys, as a page and for programs. */
final class Keys {
  /** A key that was just made, and what to set in clients. */
  record Made(String name, Product product, URI url) {}

  private final Receiver receiver;
  private final IngestKeys keys;
  private final Panels panels;
  private final List<Product> products;
  private final Audit audit;
  private final Html html;
  private final Clock clock;

  Keys(
      Receiver receiver,
      Panels panels,
      List<Product> products,
      Audit audit,
      Html html,
      Clock clock) {
    this.receiver = receiver;
    this.keys = receiver.keys();
    this.panels = panels;
    this.products = products;
    this.audit = audit;
    this.html = html;
    this.clock = clock;
  }

  List<Endpoint> endpoints() {
    Role role = Role.ADMINISTRATOR;
    return List.of(
        Endpoint.get(role, "/admin/keys", "Who may send", ask -> page(ask, 200, null, Form.EMPTY)),
        Endpoint.change(role, "POST", "/admin/keys", "Makes an ingest key", this::make),
        Endpoint.change(role, "POST", "/admin/keys/{name}/end", "Ends an ingest key", this::end),
        Endpoint.change(
            role, "POST", "/admin/keys/{name}/remove", "Takes an ended key away", this::remove),
        Endpoint.get(role, "/api/v1/ingest-keys", "The ingest keys", _ -> list())
            .answering(Json.IngestKeys.class),
        Endpoint.change(
                role, "POST", "/api/v1/ingest-keys", "Makes an ingest key", this::makeByProgram)
            .taking(Json.NewIngestKey.class)
            .answering(Json.MadeIngestKey.class),
        Endpoint.change(
                role,
                "POST",
                "/api/v1/ingest-keys/{name}/end",
                "Ends an ingest key, at once or on a day",
                this::endByProgram)
            .taking(Json.EndOfIngestKey.class)
            .answering(Json.Ended.class),
        Endpoint.change(
                role,
                "DELETE",
                "/api/v1/ingest-keys/{name}",
                "Takes an ended ingest key away",
                this::removeByProgram)
            .answering(Json.Done.class));
  }

  private Reply page(Ask ask, int status, @Nullable Made made, Form form) {
    Map<String, Object> model = new HashMap<>();
    model.put("keys", keys.all());
    model.put("now", clock.instant());
    model.put("products", products);
    model.put(
        "open",
        products.stream()
            .filter(product -> !keys.demands(product.name()))
            .map(product -> product.dictionary().title())
            .toList());
    model.put("made", made == null ? "" : made.name());
    model.put("intro", made == null ? "" : made.product().setup().intro());
    model.put("lines", made == null ? List.of() : made.product().setup().lines(made.url()));
    model.put("places", receiver.isUnnamed() ? receiver.places("") : List.of());
    model.put("form", form);
    return Reply.html(status, html.page("keys", html.shell("Ingest keys", ask), model));
  }

  private Made made(Ask ask) throws AccessException {
    Product product = panels.product(ask.field("product"));
    String name = ask.field("name");
    String days = ask.field("openDays");
    int open = days.isEmpty() ? 0 : days.matches("[0-9]{1,4}") ? Integer.parseInt(days) : -1;
    String secret = keys.add(product.name(), name, open, ask.asker().name());
    audit.changed(ask.asker().name(), "make ingest key", name + " for " + product.name());
    return new Made(name, product, receiver.clients(product.name(), Optional.of(secret)));
  }

  private Instant ended(Ask ask) throws AccessException {
    String name = ask.name("name");
    Instant when = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    String day = ask.field("day");
    if (!day.isEmpty()) {
      try {
        when = LocalDate.parse(day).atStartOfDay().toInstant(ZoneOffset.UTC);
      } catch (DateTimeParseException e) {
        throw new AccessException("day: expected a day such as 2027-02-01");
      }
    }
    keys.end(name, when);
    audit.changed(ask.asker().name(), "end ingest key", name + " at " + when);
    return when;
  }

  private void removed(Ask ask) throws AccessException {
    keys.remove(ask.name("name"));
    audit.changed(ask.asker().name(), "remove ingest key", ask.name("name"));
  }

  private Reply make(Ask ask) {
    try {
      return page(ask, 200, made(ask), Form.EMPTY);
    } catch (AccessException e) {
      return page(ask, 400, null, Form.refused(ask, e.why()));
    }
  }

  private Reply end(Ask ask) {
    try {
      ended(ask);
      return Reply.seeOther("/admin/keys");
    } catch (AccessException e) {
      return page(ask, 400, null, Form.refused(ask, e.why()));
    }
  }

  private Reply remove(Ask ask) {
    try {
      removed(ask);
      return Reply.seeOther("/admin/keys");
    } catch (AccessException e) {
      return page(ask, 400, null, Form.refused(ask, e.why()));
    }
  }

  private Reply list() {
    Instant now = clock.instant();
    return Reply.json(
        new Json.IngestKeys(
            keys.all().stream()
                .map(
                    key ->
                        new Json.IngestKey(
                            key.name(),
                            key.product(),
                            key.createdBy(),
                            key.created(),
                            key.demanded(),
                            key.isGood(now),
                            key.ends(),
                            key.lastUsed()))
                .toList()));
  }

  private Reply makeByProgram(Ask ask) throws AccessException {
    Made made = made(ask);
    return Reply.json(
        new Json.MadeIngestKey(
            made.name(), made.url().toString(), made.product().setup().lines(made.url())));
  }

  private Reply endByProgram(Ask ask) throws AccessException {
    return Reply.json(new Json.Ended(ask.name("name"), ended(ask)));
  }

  private Reply removeByProgram(Ask ask) throws AccessException {
    removed(ask);
    return Reply.json(new Json.Done("removed " + ask.name("name")));
  }
}
