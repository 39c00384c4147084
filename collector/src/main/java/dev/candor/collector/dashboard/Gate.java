package dev.candor.collector.dashboard;

import dev.candor.collector.access.AccessException;
import dev.candor.collector.access.Accounts;
import dev.candor.collector.access.Audit;
import dev.candor.collector.access.Session;
import dev.candor.collector.access.Sessions;
import dev.candor.collector.access.Who;
import dev.candor.store.Faults;
import dev.candor.store.Trouble;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.eclipse.jetty.http.HttpCookie;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Finds what a request asks for, lets nobody through who may not, and notes who did. */
final class Gate extends Handler.Abstract {
  static final String CSRF_FIELD = "csrf";
  static final String CSRF_HEADER = "X-CSRF-Token";

  private static final System.Logger LOG = System.getLogger("dev.candor.collector");
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String BROKEN = "the dashboard failed; its log says more";
  private static final int LONGEST_BODY = 256 << 10;
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
          + " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

  /** A browser may send this session's secret to us alone. */
  static String cookieName(boolean secure) {
    return secure ? "__Host-candor" : "candor";
  }

  private final List<Endpoint> endpoints;
  private final Accounts accounts;
  private final Sessions sessions;
  private final Audit audit;
  private final Html html;
  private final Faults faults;
  private final boolean secure;
  private final Origins origins;

  Gate(
      List<Endpoint> endpoints,
      Accounts accounts,
      Sessions sessions,
      Audit audit,
      Html html,
      Faults faults,
      boolean secure,
      Origins origins) {
    this.endpoints = endpoints;
    this.accounts = accounts;
    this.sessions = sessions;
    this.audit = audit;
    this.html = html;
    this.faults = faults;
    this.secure = secure;
    this.origins = origins;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    String path = Optional.ofNullable(request.getHttpURI().getCanonicalPath()).orElse("");
    Reply reply;
    try {
      reply = reply(request, path);
    } catch (IOException | RuntimeException | Error e) {
      // Not even the page that says so could be made.
      faults.note(Faults.At.DASHBOARD, e);
      reply = problem(500, BROKEN);
    }
    send(request, response, callback, reply);
    return true;
  }

  private Reply reply(Request request, String path) throws IOException {
    boolean api = path.startsWith("/api/");
    Optional<Session> session = Optional.empty();
    try {
      Map<String, String> cookies = cookies(request);
      session = Optional.ofNullable(cookies.get(cookieName(secure))).flatMap(sessions::of);
      return answer(request, path, session, cookies);
    } catch (HttpException e) {
      return e.on(error(e.status(), e.detail(), api, session, e.typed()));
    } catch (AccessException e) {
      return error(400, e.why(), api, session, Map.of());
    } catch (IOException | RuntimeException | Error e) {
      faults.note(Faults.At.DASHBOARD, e);
      Optional<String> cause = Trouble.ofTheSystem(e);
      return cause.isPresent()
          ? error(503, "nothing can be read or written: " + cause.get(), api, session, Map.of())
          : error(500, BROKEN, api, session, Map.of());
    }
  }

  private Reply answer(
      Request request, String path, Optional<Session> session, Map<String, String> cookies)
      throws IOException, AccessException {
    String method = request.getMethod().equals("HEAD") ? "GET" : request.getMethod();
    Endpoint endpoint = find(method, path);
    Optional<Who> who = session.map(Session::who);
    if (who.isEmpty()) {
      who = bearer(request);
    }
    if (endpoint.role().isPresent()) {
      if (who.isEmpty()) {
        return strangers(request, path, endpoint);
      }
      if (!who.get().role().covers(endpoint.role().get())) {
        audit.looked(who.get().name(), "denied", method + " " + path);
        throw new HttpException(
            403, "this is for the role " + endpoint.role().get().word() + " and above");
      }
    }
    Map<String, String> query = pairs(request.getHttpURI().getQuery());
    Map<String, String> form = method.equals("GET") ? Map.of() : form(request);
    if (!method.equals("GET")) {
      mustComeFromHere(request, session, form);
    }
    Ask ask =
        new Ask(
            path,
            endpoint.match(path).orElseThrow(),
            query,
            form,
            who,
            session,
            Optional.ofNullable(cookies.get(cookieName(secure))),
            cookies);
    if (!endpoint.action().isEmpty() && who.isPresent()) {
      Map<String, String> asked = new LinkedHashMap<>(form);
      asked.remove(CSRF_FIELD);
      asked.putAll(query);
      audit.looked(who.get().name(), endpoint.action(), target(path, asked));
    }
    try {
      return endpoint.handler().answer(ask);
    } catch (HttpException e) {
      throw e.keeping(form);
    }
  }

  private Endpoint find(String method, String path) {
    TreeSet<String> methods = new TreeSet<>();
    for (Endpoint endpoint : endpoints) {
      if (endpoint.match(path).isPresent()) {
        if (endpoint.method().equals(method)) {
          return endpoint;
        }
        methods.add(endpoint.method());
      }
    }
    if (methods.isEmpty()) {
      throw HttpException.notFound("page");
    }
    if (methods.contains("GET")) {
      methods.add("HEAD");
    }
    throw new HttpException(405, "this takes " + String.join(", ", methods))
        .with("Allow", String.join(", ", methods));
  }

  private static String target(String path, Map<String, String> query) {
    StringBuilder target = new StringBuilder(path);
    query.forEach(
        (name, value) -> {
          if (!value.isBlank()) {
            target
                .append(target.indexOf("?") < 0 ? '?' : '&')
                .append(name)
                .append('=')
                .append(value);
          }
        });
    return target.toString();
  }

  /** Browsers are shown where to sign in; programs are told that they need a token. */
  private Reply strangers(Request request, String path, Endpoint endpoint) throws IOException {
    if (endpoint.isApi()) {
      return problem(401, "send a token: \"Authorization: Bearer …\"")
          .with("WWW-Authenticate", "Bearer");
    }
    if (!endpoint.method().equals("GET")) {
      throw new HttpException(
              401, "sign in first, in another tab, then load the page before this one again")
          .keeping(typed(request));
    }
    String query = request.getHttpURI().getQuery();
    String to = path + (query == null ? "" : "?" + query);
    return Reply.seeOther(
        path.equals("/")
            ? "/sign-in"
            : "/sign-in?to=" + URLEncoder.encode(to, StandardCharsets.UTF_8));
  }

  private static Map<String, String> cookies(Request request) {
    Map<String, String> cookies = new HashMap<>();
    for (HttpCookie cookie : Request.getCookies(request)) {
      cookies.putIfAbsent(cookie.getName(), cookie.getValue());
    }
    return cookies;
  }

  private Optional<Who> bearer(Request request) {
    String header = request.getHeaders().get(HttpHeader.AUTHORIZATION);
    return header != null && header.startsWith("Bearer ")
        ? accounts.bearer(header.substring("Bearer ".length()).strip())
        : Optional.empty();
  }

  /** No other site may have somebody's browser change anything here. */
  private void mustComeFromHere(
      Request request, Optional<Session> session, Map<String, String> form) {
    origins.mustBeOurs(request.getHeaders());
    if (session.isPresent()) {
      String brought =
          form.getOrDefault(
              CSRF_FIELD, Optional.ofNullable(request.getHeaders().get(CSRF_HEADER)).orElse(""));
      if (!MessageDigest.isEqual(
          brought.getBytes(StandardCharsets.UTF_8),
          session.get().csrf().getBytes(StandardCharsets.UTF_8))) {
        throw new HttpException(403, "the form is too old: load the page again").keeping(form);
      }
    }
  }

  private static Map<String, String> form(Request request) throws IOException {
    byte[] body;
    try (InputStream in = Content.Source.asInputStream(request)) {
      body = in.readNBytes(LONGEST_BODY + 1);
    }
    if (body.length > LONGEST_BODY) {
      throw new HttpException(413, "the request is larger than " + LONGEST_BODY + " bytes");
    }
    String type = Optional.ofNullable(request.getHeaders().get(HttpHeader.CONTENT_TYPE)).orElse("");
    if (body.length == 0) {
      return Map.of();
    }
    return switch (type.split(";", 2)[0].strip()) {
      case "application/x-www-form-urlencoded" -> pairs(new String(body, StandardCharsets.UTF_8));
      case "application/json" -> members(body);
      default -> throw new HttpException(415, "send application/json or a form");
    };
  }

  private static Map<String, String> typed(Request request) throws IOException {
    try {
      return form(request);
    } catch (HttpException e) {
      return Map.of(); // It was no form.
    }
  }

  private static Map<String, String> members(byte[] body) {
    try {
      JsonNode root = JSON.readTree(body);
      if (!root.isObject()) {
        throw HttpException.badRequest("expected a JSON object");
      }
      Map<String, String> members = new LinkedHashMap<>();
      root.properties()
          .forEach(
              member -> {
                if (member.getValue().isValueNode()) {
                  members.put(member.getKey(), member.getValue().asString());
                }
              });
      return members;
    } catch (JacksonException e) {
      throw HttpException.badRequest("expected a JSON object");
    }
  }

  private static Map<String, String> pairs(@Nullable String text) {
    Map<String, String> pairs = new LinkedHashMap<>();
    if (text != null && !text.isEmpty()) {
      for (String pair : text.split("&", -1)) {
        String[] sides = pair.split("=", 2);
        try {
          pairs.putIfAbsent(
              URLDecoder.decode(sides[0], StandardCharsets.UTF_8),
              sides.length < 2 ? "" : URLDecoder.decode(sides[1], StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
          throw HttpException.badRequest("the address is not well-formed");
        }
      }
    }
    return pairs;
  }

  private Reply error(
      int status,
      String detail,
      boolean api,
      Optional<Session> session,
      Map<String, String> typed) {
    return api
        ? problem(status, detail)
        : Reply.html(status, html.message(session, title(status), detail, typed));
  }

  private static String title(int status) {
    return switch (status) {
      case 400 -> "Bad request";
      case 401 -> "Who are you?";
      case 403 -> "Not for you";
      case 404 -> "Not found";
      case 405 -> "Method not allowed";
      case 413 -> "Too large";
      case 414 -> "The address is too long";
      case 415 -> "Unsupported media type";
      case 429 -> "Too many attempts";
      case 503 -> "Not now";
      case 431 -> "The headers are too long";
      default -> "Something went wrong";
    };
  }

  static Reply problem(int status, String detail) {
    Map<String, Object> problem = new LinkedHashMap<>();
    problem.put("title", title(status));
    problem.put("status", status);
    problem.put("detail", detail);
    return Reply.of(status, "application/problem+json", JSON.writeValueAsBytes(problem));
  }

  private void send(Request request, Response response, Callback callback, Reply reply) {
    response.setStatus(reply.status());
    Map<String, String> headers = new HashMap<>();
    headers.put("Cache-Control", "no-store");
    headers.put("Content-Security-Policy", POLICY);
    headers.put("Cross-Origin-Opener-Policy", "same-origin");
    headers.put("Cross-Origin-Resource-Policy", "same-origin");
    headers.put("Permissions-Policy", "camera=(), geolocation=(), microphone=()");
    headers.put("Referrer-Policy", "same-origin");
    headers.put("X-Content-Type-Options", "nosniff");
    headers.put("X-Frame-Options", "DENY");
    if (secure) {
      headers.put("Strict-Transport-Security", "max-age=31536000");
    }
    headers.putAll(reply.headers());
    headers.forEach((name, value) -> response.getHeaders().put(new HttpField(name, clean(value))));
    if (!request.consumeAvailable()) {
      // The server hangs up on who still sends: a client must not use the connection again.
      response.getHeaders().put(HttpHeader.CONNECTION, "close");
    }
    if (reply.file().isPresent()) {
      send(request, response, callback, reply.file().get());
      return;
    }
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, reply.body().length);
    boolean head = request.getMethod().equals("HEAD");
    response.write(true, head ? ByteBuffer.allocate(0) : ByteBuffer.wrap(reply.body()), callback);
  }

  private static void send(Request request, Response response, Callback callback, Path file) {
    Callback then = Callback.from(callback, () -> delete(file));
    try {
      response.getHeaders().put(HttpHeader.CONTENT_LENGTH, Files.size(file));
      if (request.getMethod().equals("HEAD")) {
        response.write(true, ByteBuffer.allocate(0), then);
      } else {
        Content.copy(Content.Source.from(file), response, then);
      }
    } catch (IOException e) {
      then.failed(e);
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      LOG.log(Level.WARNING, "a file that was sent could not be deleted: {0}", file.getFileName());
    }
  }

  /** Whatever a header is made of, it stays one line. */
  private static String clean(String value) {
    return value.replaceAll("[\\r\\n\\x00]", " ");
  }

  /** Answers what never became a request of ours, without a word of it. */
  static final class Terse extends ErrorHandler {
    private final Faults faults;

    Terse(Faults faults) {
      this.faults = faults;
    }

    private static String detail(int status) {
      return switch (status) {
        case 414, 431 ->
            "the address and the headers are longer than "
                + Dashboard.LONGEST_HEAD
                + " bytes together: send what is long by POST, as the page \"Own query\" does, or"
                + " remove cookies of other sites on this host";
        default -> status < 500 ? "the request is not well-formed" : "failed";
      };
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
      int status = response.getStatus();
      if (status >= 500 && request.getAttribute(ERROR_EXCEPTION) instanceof Throwable fault) {
        faults.note(Faults.At.DASHBOARD, fault);
      }
      Reply reply = problem(status, detail(status));
      response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/problem+json");
      response.getHeaders().put(HttpHeader.CONTENT_LENGTH, reply.body().length);
      response.write(true, ByteBuffer.wrap(reply.body()), callback);
      return true;
    }
  }
}
