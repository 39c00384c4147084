package dev.candor.collector.dashboard;

import dev.candor.collector.access.AccessException;
import dev.candor.collector.access.Accounts;
import dev.candor.collector.access.Audit;
import dev.candor.collector.access.Role;
import dev.candor.collector.access.Sessions;
import java.io.IOException;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Users, tokens and the audit log, for administrators and their programs. */
final class Administration {
  private static final int SHOWN = 500;

  private final Accounts accounts;
  private final Sessions sessions;
  private final Audit audit;
  private final Html html;
  private final Optional<URI> publicUrl;

  Administration(
      Accounts accounts, Sessions sessions, Audit audit, Html html, Optional<URI> publicUrl) {
    this.accounts = accounts;
    this.sessions = sessions;
    this.audit = audit;
    this.html = html;
    this.publicUrl = publicUrl;
  }

  List<Endpoint> endpoints() {
    Role role = Role.ADMINISTRATOR;
    return List.of(
        Endpoint.get(
            role, "/admin/users", "Who may sign in", ask -> users(ask, 200, "", Form.EMPTY)),
        Endpoint.change(role, "POST", "/admin/users", "Invites somebody", this::invite),
        Endpoint.change(
            role, "POST", "/admin/users/{name}/remove", "Takes an account away", this::remove),
        Endpoint.get(
            role, "/admin/tokens", "Keys for programs", ask -> tokens(ask, 200, "", Form.EMPTY)),
        Endpoint.change(role, "POST", "/admin/tokens", "Makes a token", this::issue),
        Endpoint.change(
            role, "POST", "/admin/tokens/{name}/revoke", "Takes a token away", this::revoke),
        Endpoint.get(role, "/admin/audit", "Who did what", this::log),
        Endpoint.get(role, "/api/v1/users", "Who may sign in", _ -> users())
            .answering(Json.Users.class),
        Endpoint.change(role, "POST", "/api/v1/users", "Invites somebody", this::inviteByProgram)
            .taking(Json.NewUser.class)
            .answering(Json.Invited.class),
        Endpoint.change(
                role,
                "DELETE",
                "/api/v1/users/{name}",
                "Takes an account away",
                this::removeByProgram)
            .answering(Json.Done.class),
        Endpoint.get(role, "/api/v1/tokens", "Keys for programs", _ -> tokens())
            .answering(Json.Tokens.class),
        Endpoint.change(role, "POST", "/api/v1/tokens", "Makes a token", this::issueByProgram)
            .taking(Json.NewToken.class)
            .answering(Json.Issued.class),
        Endpoint.change(
                role,
                "DELETE",
                "/api/v1/tokens/{name}",
                "Takes a token away",
                this::revokeByProgram)
            .answering(Json.Done.class));
  }

  private Reply users(Ask ask, int status, String link, Form form) {
    Map<String, Object> model = new HashMap<>();
    model.put("accounts", accounts.accounts());
    model.put("link", link);
    model.put("form", form);
    return Reply.html(status, html.page("users", html.shell("Users", ask), model));
  }

  private static Role role(Ask ask) throws AccessException {
    try {
      return Role.of(ask.field("role"));
    } catch (IllegalArgumentException e) {
      throw new AccessException(String.valueOf(e.getMessage()));
    }
  }

  private Json.Invited invited(Ask ask) throws AccessException {
    Role role = role(ask);
    String name = ask.field("name");
    String secret = accounts.invite(name, role);
    sessions.endAllOf(name);
    audit.changed(ask.asker().name(), "invite", name + " as " + role.word());
    String path = "/welcome/" + secret;
    return new Json.Invited(
        name, role.word(), path, publicUrl.map(url -> url.resolve(path).toString()).orElse(null));
  }

  private Reply invite(Ask ask) {
    try {
      Json.Invited invited = invited(ask);
      return users(ask, 200, Objects.requireNonNullElse(invited.url(), invited.path()), Form.EMPTY);
    } catch (AccessException e) {
      return users(ask, 400, "", Form.refused(ask, e.why()));
    }
  }

  private void removed(Ask ask) throws AccessException {
    accounts.remove(ask.name("name"));
    sessions.endAllOf(ask.name("name"));
    audit.changed(ask.asker().name(), "remove account", ask.name("name"));
  }

  private Reply remove(Ask ask) {
    try {
      removed(ask);
      return Reply.seeOther("/admin/users");
    } catch (AccessException e) {
      return users(ask, 400, "", Form.refused(ask, e.why()));
    }
  }

  private Reply tokens(Ask ask, int status, String secret, Form form) {
    Map<String, Object> model = new HashMap<>();
    model.put("tokens", accounts.tokens());
    model.put("secret", secret);
    model.put("form", form);
    return Reply.html(status, html.page("tokens", html.shell("Tokens", ask), model));
  }

  private Json.Issued issued(Ask ask) throws AccessException {
    Role role = role(ask);
    String name = ask.field("name");
    String days = ask.field("days");
    int number = days.matches("[0-9]{1,4}") ? Integer.parseInt(days) : 0;
    String secret = accounts.issue(name, role, number, ask.asker());
    audit.changed(ask.asker().name(), "make token", name + " as " + role.word());
    return new Json.Issued(name, secret);
  }

  private Reply issue(Ask ask) {
    try {
      return tokens(ask, 200, issued(ask).token(), Form.EMPTY);
    } catch (AccessException e) {
      return tokens(ask, 400, "", Form.refused(ask, e.why()));
    }
  }

  private void revoked(Ask ask) throws AccessException {
    accounts.revoke(ask.name("name"));
    audit.changed(ask.asker().name(), "revoke token", ask.name("name"));
  }

  private Reply revoke(Ask ask) {
    try {
      revoked(ask);
      return Reply.seeOther("/admin/tokens");
    } catch (AccessException e) {
      return tokens(ask, 400, "", Form.refused(ask, e.why()));
    }
  }

  private Reply users() {
    return Reply.json(
        new Json.Users(
            accounts.accounts().stream()
                .map(
                    a ->
                        new Json.User(a.name(), a.role().word(), a.password() != null, a.created()))
                .toList()));
  }

  private Reply inviteByProgram(Ask ask) throws AccessException {
    return Reply.json(invited(ask));
  }

  private Reply removeByProgram(Ask ask) throws AccessException {
    removed(ask);
    return Reply.json(new Json.Done("removed " + ask.name("name")));
  }

  private Reply tokens() {
    return Reply.json(
        new Json.Tokens(
            accounts.tokens().stream()
                .map(
                    t ->
                        new Json.Token(
                            t.name(),
                            t.role().word(),
                            t.createdBy(),
                            t.created(),
                            t.expires(),
                            t.lastUsed()))
                .toList()));
  }

  private Reply issueByProgram(Ask ask) throws AccessException {
    return Reply.json(issued(ask));
  }

  private Reply revokeByProgram(Ask ask) throws AccessException {
    revoked(ask);
    return Reply.json(new Json.Done("revoked " + ask.name("name")));
  }

  private Reply log(Ask ask) throws IOException {
    Audit.Latest latest = audit.latest(SHOWN);
    return Reply.html(
        200,
        html.page(
            "audit",
            html.shell("Audit log", ask),
            Map.of("entries", latest.entries(), "damaged", latest.damaged())));
  }
}
