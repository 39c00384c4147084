package dev.candor.collector.dashboard;

import dev.candor.collector.access.AccessException;
import dev.candor.collector.access.Accounts;
import dev.candor.collector.access.Audit;
import dev.candor.collector.access.Sessions;
import dev.candor.collector.access.Who;
import java.util.List;
import java.util.Map;

/** Coming in and going out. */
final class SignIn {
  private final Accounts accounts;
  private final Sessions sessions;
  private final Audit audit;
  private final Html html;
  private final boolean secure;

  SignIn(Accounts accounts, Sessions sessions, Audit audit, Html html, boolean secure) {
    this.accounts = accounts;
    this.sessions = sessions;
    this.audit = audit;
    this.html = html;
    this.secure = secure;
  }

  List<Endpoint> endpoints() {
    return List.of(
        Endpoint.open("GET", "/sign-in", "Asks for name and password", this::form),
        Endpoint.open("POST", "/sign-in", "Signs in", this::signIn),
        Endpoint.open("POST", "/sign-out", "Signs out", this::signOut),
        Endpoint.open(
            "GET", "/welcome/{secret}", "Lets somebody invited choose a password", this::welcome),
        Endpoint.open(
            "POST", "/welcome/{secret}", "Sets that password and signs in", this::accept));
  }

  private Reply form(Ask ask) {
    return ask.session().isPresent()
        ? Reply.seeOther("/")
        : page(ask, 200, ask.query().getOrDefault("to", ""), "", "");
  }

  private Reply page(Ask ask, int status, String to, String name, String error) {
    return Reply.html(
        status,
        html.page(
            "signin",
            html.shell("Sign in", ask),
            Map.of("to", to, "name", name, "error", error, "nobody", accounts.isEmpty())));
  }

  private Reply signIn(Ask ask) {
    String name = ask.field("name");
    try {
      Who who = accounts.signIn(name, ask.form().getOrDefault("password", ""));
      audit.changed(who.name(), "sign-in", "");
      return in(who, ask.field("to"));
    } catch (AccessException e) {
      boolean known = accounts.accounts().stream().anyMatch(a -> a.name().equals(name));
      // A stranger's typing, which may be a password, is not kept.
      audit.looked(known ? name : "nobody", "sign-in refused", "");
      boolean often = e.why().startsWith("too many");
      return page(ask, often ? 429 : 401, ask.field("to"), name, e.why());
    }
  }

  private Reply in(Who who, String to) {
    String secret = sessions.open(who);
    // Only to a place of ours: "//host" and "/\host" would leave.
    boolean here = to.matches("/([A-Za-z0-9_.-][^\\\\\\p{Cntrl}]*)?");
    return Reply.seeOther(here ? to : "/")
        .with("Set-Cookie", cookie(secret, Sessions.LONGEST.toSeconds()));
  }

  private String cookie(String value, long seconds) {
    return Gate.cookieName(secure)
        + "="
        + value
        + "; Path=/; HttpOnly; SameSite=Lax; Max-Age="
        + seconds
        + (secure ? "; Secure" : "");
  }

  private Reply signOut(Ask ask) {
    ask.sessionSecret().ifPresent(sessions::end);
    ask.session().ifPresent(session -> audit.changed(session.who().name(), "sign-out", ""));
    return Reply.seeOther("/sign-in").with("Set-Cookie", cookie("", 0));
  }

  private Reply welcome(Ask ask) {
    return welcome(ask, 200, "");
  }

  private Reply welcome(Ask ask, int status, String error) {
    String name =
        accounts
            .invited(ask.name("secret"))
            .orElseThrow(
                () ->
                    new HttpException(
                        404,
                        "this link was used or is too old: ask an administrator for a new one"));
    return Reply.html(
        status,
        html.page(
            "welcome",
            html.shell("Welcome", ask),
            Map.of("name", name, "secret", ask.name("secret"), "error", error)));
  }

  private Reply accept(Ask ask) {
    String password = ask.form().getOrDefault("password", "");
    if (!password.equals(ask.form().getOrDefault("again", ""))) {
      return welcome(ask, 400, "the two passwords differ");
    }
    try {
      Who who = accounts.accept(ask.name("secret"), password);
      sessions.endAllOf(who.name());
      audit.changed(who.name(), "password chosen", "");
      return in(who, "/");
    } catch (AccessException e) {
      return welcome(ask, 400, e.why());
    }
  }
}
