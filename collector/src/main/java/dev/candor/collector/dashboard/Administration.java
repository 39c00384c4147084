package dev.candor.collector.dashboard;

import dev.candor.collector.access.AccessException;
import dev.candor.collector.access.Accounts;
import dev.candor.collector.access.Audit;
import dev.candor.collector.access.Role;
import dev.candor.collector.access.Sessions;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Users, tokens and the audit log, for administrators. */
final class Administration {
  private static final int SHOWN = 500;

  private final Accounts accounts;
  private final Sessions sessions;
  private final Audit audit;
  private final Html html;

  Administration(Accounts accounts, Sessions sessions, Audit audit, Html html) {
    this.accounts = accounts;
    this.sessions = sessions;
    this.audit = audit;
    this.html = html;
  }

  List<Endpoint> endpoints() {
    Role role = Role.ADMINISTRATOR;
    return List.of(
        Endpoint.get(role, "/admin/users", "Who may sign in", ask -> users(ask, 200, "", "")),
        Endpoint.change(role, "POST", "/admin/users", "Invites somebody", this::invite),
        Endpoint.change(
            role, "POST", "/admin/users/{name}/remove", "Takes an account away", this::remove),
        Endpoint.get(role, "/admin/tokens", "Keys for programs", ask -> tokens(ask, 200, "", "")),
        Endpoint.change(role, "POST", "/admin/tokens", "Makes a token", this::issue),
        Endpoint.change(
            role, "POST", "/admin/tokens/{name}/revoke", "Takes a token away", this::revoke),
        Endpoint.get(role, "/admin/audit", "Who did what", this::log));
  }

  private Reply users(Ask ask, int status, String link, String error) {
    Map<String, Object> model = new HashMap<>();
    model.put("accounts", accounts.accounts());
    model.put("link", link);
    model.put("error", error);
    return Reply.html(status, html.page("users", html.shell("Users", ask), model));
  }

  private Reply invite(Ask ask) {
    try {
      Role role = Role.of(ask.field("role"));
      String name = ask.field("name");
      String secret = accounts.invite(name, role);
      sessions.endAllOf(name);
      audit.changed(ask.asker().name(), "invite", name + " as " + role.word());
      return users(ask, 200, "/welcome/" + secret, "");
    } catch (AccessException | IllegalArgumentException e) {
      return users(ask, 400, "", String.valueOf(e.getMessage()));
    }
  }

  private Reply remove(Ask ask) {
    try {
      accounts.remove(ask.name("name"));
      sessions.endAllOf(ask.name("name"));
      audit.changed(ask.asker().name(), "remove account", ask.name("name"));
      return Reply.seeOther("/admin/users");
    } catch (AccessException e) {
      return users(ask, 400, "", String.valueOf(e.getMessage()));
    }
  }

  private Reply tokens(Ask ask, int status, String secret, String error) {
    Map<String, Object> model = new HashMap<>();
    model.put("tokens", accounts.tokens());
    model.put("secret", secret);
    model.put("error", error);
    return Reply.html(status, html.page("tokens", html.shell("Tokens", ask), model));
  }

  private Reply issue(Ask ask) {
    try {
      Role role = Role.of(ask.field("role"));
      String days = ask.field("days");
      String secret =
          accounts.issue(
              ask.field("name"),
              role,
              days.matches("[0-9]{1,4}") ? Integer.parseInt(days) : 0,
              ask.asker());
      audit.changed(ask.asker().name(), "make token", ask.field("name") + " as " + role.word());
      return tokens(ask, 200, secret, "");
    } catch (AccessException | IllegalArgumentException e) {
      return tokens(ask, 400, "", String.valueOf(e.getMessage()));
    }
  }

  private Reply revoke(Ask ask) {
    try {
      accounts.revoke(ask.name("name"));
      audit.changed(ask.asker().name(), "revoke token", ask.name("name"));
      return Reply.seeOther("/admin/tokens");
    } catch (AccessException e) {
      return tokens(ask, 400, "", String.valueOf(e.getMessage()));
    }
  }

  private Reply log(Ask ask) throws IOException {
    return Reply.html(
        200,
        html.page("audit", html.shell("Audit log", ask), Map.of("entries", audit.latest(SHOWN))));
  }
}
