package dev.candor.collector.dashboard;

import dev.candor.collector.access.AccessException;
import dev.candor.collector.access.Accounts;
import dev.candor.collector.access.Audit;
import dev.candor.collector.access.OpenIdConnect;
import dev.candor.collector.access.OpenIdSettings;
import dev.candor.collector.access.Session;
import dev.candor.collector.access.Sessions;
import dev.candor.collector.access.Who;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Coming in and going out. */
final class SignIn {
  private static final System.Logger LOG = System.getLogger("dev.candor.collector");

  /** What the cookie of a sign-in that was begun has after the session's name. */
  private static final String BEGUN = "-oidc";

  private final Accounts accounts;
  private final Sessions sessions;
  private final Audit audit;
  private final Html html;
  private final Optional<OpenIdConnect> openId;
  private final boolean passwords;
  private final boolean secure;

  SignIn(
      Accounts accounts,
      Sessions sessions,
      Audit audit,
      Html html,
      Optional<OpenIdConnect> openId,
      boolean secure) {
    this.accounts = accounts;
    this.sessions = sessions;
    this.audit = audit;
    this.html = html;
    this.openId = openId;
    this.passwords = openId.map(o -> o.settings().passwords()).orElse(true);
    this.secure = secure;
  }

  List<Endpoint> endpoints() {
    List<Endpoint> endpoints = new ArrayList<>(withPassword());
    openId.ifPresent(
        provider ->
            endpoints.addAll(
                List.of(
                    Endpoint.open(
                        "GET",
                        "/sign-in/oidc",
                        "Goes to the OpenID Connect provider to sign in",
                        ask -> begin(provider, ask)),
                    Endpoint.open(
                        "GET",
                        OpenIdSettings.CALLBACK,
                        "Comes back from the OpenID Connect provider",
                        ask -> finish(provider, ask)))));
    return endpoints;
  }

  private List<Endpoint> withPassword() {
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
    return page(ask, status, to, name, error, Optional.empty());
  }

  private Reply page(
      Ask ask, int status, String to, String name, String error, Optional<URI> signOut) {
    Map<String, Object> model = new HashMap<>();
    model.put("to", to);
    model.put("name", name);
    model.put("error", error);
    model.put("nobody", accounts.isEmpty() && openId.isEmpty());
    model.put("passwords", passwords);
    model.put("provider", openId.map(o -> o.settings().label()).orElse(""));
    // A link, not a form: the policy for forms keeps them here, where the provider is elsewhere.
    model.put("begin", "/sign-in/oidc?to=" + URLEncoder.encode(to, StandardCharsets.UTF_8));
    model.put("signOut", signOut.map(URI::toString).orElse(""));
    return Reply.html(status, html.page("signin", html.shell("Sign in", ask), model));
  }

  private Reply signIn(Ask ask) {
    mustTakePasswords();
    String name = ask.field("name");
    try {
      Who who = accounts.signIn(name, ask.form().getOrDefault("password", ""));
      audit.changed(who.name(), "sign-in", "");
      return in(ask, who, ask.field("to"), Optional.empty());
    } catch (AccessException e) {
      boolean known = accounts.accounts().stream().anyMatch(a -> a.name().equals(name));
      // A stranger's typing, which may be a password, is not kept.
      audit.looked(known ? name : "nobody", "sign-in refused", "");
      boolean often = e.why().startsWith("too many");
      return page(ask, often ? 429 : 401, ask.field("to"), name, e.why());
    }
  }

  private void mustTakePasswords() {
    if (!passwords) {
      throw new HttpException(403, "passwords are turned off here: sign in with the provider");
    }
  }

  private Reply begin(OpenIdConnect provider, Ask ask) {
    String to = ask.query().getOrDefault("to", "");
    try {
      OpenIdConnect.Begun begun = provider.begin(to);
      return Reply.seeOther(begun.provider().toString())
          .with("Set-Cookie", cookie(BEGUN, begun.secret(), OpenIdConnect.BEGUN_FOR.toSeconds()));
    } catch (IOException e) {
      return failed(ask, to, e);
    }
  }

  private Reply finish(OpenIdConnect provider, Ask ask) {
    try {
      OpenIdConnect.Arrival arrival =
          provider.finish(ask.query(), Optional.ofNullable(ask.cookies().get(cookieName(BEGUN))));
      if (arrival.role().isEmpty()) {
        audit.changed(arrival.name(), "sign-in refused", "subject " + arrival.subject());
        return page(
            ask,
            403,
            arrival.to(),
            "",
            "none of your groups has a role here: ask whoever manages the groups at the provider");
      }
      Who who = new Who(arrival.name(), arrival.role().get());
      audit.changed(
          who.name(), "sign-in", "subject " + arrival.subject() + " as " + who.role().word());
      return in(ask, who, arrival.to(), arrival.signOut());
    } catch (AccessException e) {
      return page(ask, 401, "", "", e.why());
    } catch (IOException e) {
      return failed(ask, "", e);
    }
  }

  private Reply failed(Ask ask, String to, IOException why) {
    LOG.log(Level.WARNING, "OpenID Connect: the provider failed: {0}", why.getMessage());
    return page(
        ask,
        503,
        to,
        "",
        "the provider cannot be used just now, the server's log says why: "
            + (passwords ? "sign in with a password, or try again later" : "try again later"));
  }

  /** Always a new session, and never beside an older one of this browser. */
  private Reply in(Ask ask, Who who, String to, Optional<URI> signOut) {
    ask.sessionSecret().ifPresent(sessions::end);
    String secret = sessions.open(who, signOut);
    // Only to a place of ours: "//host" and "/\host" would leave.
    boolean here = to.matches("/([A-Za-z0-9_.-][^\\\\\\p{Cntrl}]*)?");
    return Reply.seeOther(here ? to : "/")
        .with("Set-Cookie", cookie("", secret, Sessions.LONGEST.toSeconds()));
  }

  private String cookieName(String suffix) {
    return Gate.cookieName(secure) + suffix;
  }

  private String cookie(String suffix, String value, long seconds) {
    return cookieName(suffix)
        + "="
        + value
        + "; Path=/; HttpOnly; SameSite=Lax; Max-Age="
        + seconds
        + (secure ? "; Secure" : "");
  }

  private Reply signOut(Ask ask) {
    ask.sessionSecret().ifPresent(sessions::end);
    ask.session().ifPresent(session -> audit.changed(session.who().name(), "sign-out", ""));
    Optional<URI> elsewhere = ask.session().flatMap(Session::signOut);
    Reply out =
        elsewhere.isPresent()
            ? page(ask.signedOut(), 200, "", "", "", elsewhere)
            : Reply.seeOther("/sign-in");
    return out.with("Set-Cookie", cookie("", "", 0));
  }

  private Reply welcome(Ask ask) {
    mustTakePasswords();
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
    mustTakePasswords();
    String password = ask.form().getOrDefault("password", "");
    if (!password.equals(ask.form().getOrDefault("again", ""))) {
      return welcome(ask, 400, "the two passwords differ");
    }
    try {
      Who who = accounts.accept(ask.name("secret"), password);
      sessions.endAllOf(who.name());
      audit.changed(who.name(), "password chosen", "");
      return in(ask, who, "/", Optional.empty());
    } catch (AccessException e) {
      return welcome(ask, 400, e.why());
    }
  }
}
