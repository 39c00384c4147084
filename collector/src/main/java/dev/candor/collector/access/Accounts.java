package dev.candor.collector.access;

import dev.candor.store.PrivateFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Who may come in: accounts, invitations and tokens, in {@code access/accounts.json} of the data
 * directory. The file is replaced as a whole, so a crash leaves the old one or the new one. Safe to
 * share between threads.
 */
public final class Accounts {
  /** How long an invitation is good for. */
  public static final Duration INVITED_FOR = Duration.ofDays(3);

  /** No token lasts longer. */
  public static final Duration LONGEST_TOKEN = Duration.ofDays(366);

  private static final System.Logger LOG = System.getLogger("dev.candor.collector");
  private static final String TOKEN_PREFIX = "candor_";
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,63}");
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  /** What the file holds. */
  record Register(List<Account> accounts, List<Invitation> invitations, List<Token> tokens) {
    Register {
      accounts = List.copyOf(accounts);
      invitations = List.copyOf(invitations);
      tokens = List.copyOf(tokens);
    }

    Register with(Account account) {
      return new Register(
          put(accounts, a -> a.name().equals(account.name()), account), invitations, tokens);
    }

    Register with(Invitation invitation) {
      return new Register(
          accounts, put(invitations, i -> i.name().equals(invitation.name()), invitation), tokens);
    }

    Register with(Token token) {
      return new Register(
          accounts, invitations, put(tokens, t -> t.name().equals(token.name()), token));
    }

    Register withoutAccount(String name) {
      return new Register(put(accounts, a -> a.name().equals(name)), invitations, tokens);
    }

    Register withoutInvitation(String name) {
      return new Register(accounts, put(invitations, i -> i.name().equals(name)), tokens);
    }

    Register withoutToken(String name) {
      return new Register(accounts, invitations, put(tokens, t -> t.name().equals(name)));
    }

    @SafeVarargs
    @SuppressWarnings("varargs")
    private static <T> List<T> put(List<T> list, Predicate<T> out, T... in) {
      return Stream.concat(list.stream().filter(out.negate()), Stream.of(in)).toList();
    }
  }

  private final Path file;
  private final Clock clock;
  private final SecureRandom random;
  private final Passwords passwords;
  private final Throttle throttle;
  private Register register;

  /**
   * Reads the accounts of this folder.
   *
   * @throws IOException if the file cannot be read, or is not what this wrote
   */
  public Accounts(Path folder, Clock clock, SecureRandom random) throws IOException {
    this.file = PrivateFiles.folder(folder).resolve("accounts.json");
    this.clock = clock;
    this.random = random;
    this.passwords = new Passwords(random);
    this.throttle = new Throttle(clock);
    this.register =
        StateFile.read(
                file,
                Register.class,
                "then nobody can sign in, all tokens are void, and the next start prints a first link")
            .orElse(new Register(List.of(), List.of(), List.of()));
  }

  /** Whether nobody can sign in with a password yet. */
  public synchronized boolean isEmpty() {
    return register.accounts().stream().noneMatch(account -> account.password() != null);
  }

  /** Everybody who may sign in with a password, or was invited to. */
  public synchronized List<Account> accounts() {
    return register.accounts();
  }

  /** All tokens, expired ones as well. */
  public synchronized List<Token> tokens() {
    return register.tokens();
  }

  /**
   * Makes an account, or lets one that exists choose a new password.
   *
   * @return the secret of the invitation, good once
   * @throws AccessException if the name is no name, or it would leave no administrator
   */
  public synchronized String invite(String name, Role role) throws AccessException {
    if (!NAME.matcher(name).matches()) {
      throw new AccessException(
          "name: expected 1 to 64 letters, digits, dots, hyphens, underscores or @");
    }
    String secret = Secrets.fresh(random);
    Invitation invitation =
        new Invitation(name, Secrets.hash(secret), clock.instant().plus(INVITED_FOR));
    Optional<Account> before = account(name);
    Account account =
        new Account(
            name,
            role,
            before.map(Account::password).orElse(null),
            before.map(Account::created).orElseGet(clock::instant));
    if (before.isPresent() && before.get().role() == Role.ADMINISTRATOR) {
      mustNotBeTheLast(before.get(), role == Role.ADMINISTRATOR);
    }
    save(register.with(account).with(invitation));
    return secret;
  }

  /** For whom this invitation is, if it is good. */
  public synchronized Optional<String> invited(String secret) {
    String hash = Secrets.hash(secret);
    Instant now = clock.instant();
    return register.invitations().stream()
        .filter(i -> i.hash().equals(hash) && i.expires().isAfter(now))
        .map(Invitation::name)
        .findFirst();
  }

  /**
   * Chooses a password and uses the invitation up.
   *
   * @throws AccessException if the invitation is not good, or the password too short or too long
   */
  public Who accept(String secret, String password) throws AccessException {
    String name =
        invited(secret)
            .orElseThrow(
                () ->
                    new AccessException(
                        "this link was used or is too old: ask an administrator for a new one"));
    if (password.length() < Passwords.SHORTEST || password.length() > Passwords.LONGEST) {
      throw new AccessException(
          String.format(
              Locale.ROOT,
              "password: expected %d to %d characters",
              Passwords.SHORTEST,
              Passwords.LONGEST));
    }
    if (password.equalsIgnoreCase(name) || password.chars().distinct().count() < 4) {
      throw new AccessException("password: too easy to guess");
    }
    String hash = passwords.hash(password);
    synchronized (this) {
      Account account = account(name).orElse(null);
      if (account == null || invited(secret).isEmpty()) {
        throw new AccessException("this link was used meanwhile");
      }
      Account changed = new Account(name, account.role(), hash, account.created());
      save(register.with(changed).withoutInvitation(name));
      return new Who(name, changed.role());
    }
  }

  /**
   * Who has this name and password.
   *
   * @throws AccessException if nobody, or if it was tried too often; it does not say which names
   *     there are
   */
  public Who signIn(String name, String password) throws AccessException {
    Optional<Duration> wait = throttle.mustWait(name);
    if (wait.isPresent()) {
      throw new AccessException(
          String.format(
              Locale.ROOT,
              "too many attempts: try again in %d seconds",
              wait.get().toSeconds() + 1));
    }
    Optional<Account> account;
    synchronized (this) {
      account = account(name);
    }
    String hash = account.map(Account::password).orElse(null);
    boolean right = false;
    if (hash == null || password.length() > Passwords.LONGEST) {
      passwords.matchesNobody(
          password.substring(0, Math.min(password.length(), Passwords.LONGEST)));
    } else {
      right = passwords.matches(password, hash);
    }
    if (!right || account.isEmpty()) {
      throttle.failed(name);
      throw new AccessException("name or password is wrong");
    }
    throttle.succeeded(name);
    return new Who(name, account.get().role());
  }

  /**
   * Takes an account away, with its invitations; its tokens stay and can be taken away by
   * themselves.
   *
   * @throws AccessException if there is none, or it is the last administrator
   */
  public synchronized void remove(String name) throws AccessException {
    Account account = account(name).orElseThrow(() -> new AccessException("no such account"));
    mustNotBeTheLast(account, false);
    save(register.withoutAccount(name).withoutInvitation(name));
  }

  /**
   * Makes a token, which is shown this once.
   *
   * @param days how long it is good
   * @throws AccessException if the name is taken or no name, or the days are not 1 to 366
   */
  public synchronized String issue(String name, Role role, int days, Who by)
      throws AccessException {
    if (!NAME.matcher(name).matches()) {
      throw new AccessException(
          "name: expected 1 to 64 letters, digits, dots, hyphens, underscores or @");
    }
    if (register.tokens().stream().anyMatch(token -> token.name().equals(name))) {
      throw new AccessException("name: there is a token of this name; take it away first");
    }
    if (days < 1 || days > LONGEST_TOKEN.toDays()) {
      throw new AccessException("days: expected 1 to " + LONGEST_TOKEN.toDays());
    }
    String secret = TOKEN_PREFIX + Secrets.fresh(random);
    Instant now = clock.instant();
    Token token =
        new Token(
            name,
            role,
            Secrets.hash(secret),
            by.name(),
            now,
            now.plus(Duration.ofDays(days)),
            null);
    save(register.with(token));
    return secret;
  }

  /** Who has this token, if it is good; notes the day of its use. */
  public synchronized Optional<Who> bearer(String secret) {
    String hash = Secrets.hash(secret);
    Instant now = clock.instant();
    Optional<Token> found =
        register.tokens().stream()
            .filter(token -> token.hash().equals(hash) && token.expires().isAfter(now))
            .findFirst();
    LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
    if (found.isPresent() && !today.equals(found.get().lastUsed())) {
      Token old = found.get();
      Token used =
          new Token(
              old.name(), old.role(), hash, old.createdBy(), old.created(), old.expires(), today);
      try {
        save(register.with(used));
      } catch (UncheckedIOException e) {
        LOG.log(Level.WARNING, "the last use of a token could not be noted", e);
      }
    }
    return found.map(token -> new Who("token:" + token.name(), token.role()));
  }

  /**
   * Takes a token away.
   *
   * @throws AccessException if there is none
   */
  public synchronized void revoke(String name) throws AccessException {
    if (register.tokens().stream().noneMatch(token -> token.name().equals(name))) {
      throw new AccessException("no such token");
    }
    save(register.withoutToken(name));
  }

  private Optional<Account> account(String name) {
    return register.accounts().stream().filter(a -> a.name().equals(name)).findFirst();
  }

  private void mustNotBeTheLast(Account account, boolean stays) throws AccessException {
    boolean others =
        register.accounts().stream()
            .anyMatch(
                a ->
                    a.role() == Role.ADMINISTRATOR
                        && a.password() != null
                        && !a.name().equals(account.name()));
    if (!stays && account.role() == Role.ADMINISTRATOR && !others) {
      throw new AccessException("this is the last administrator: make another one first");
    }
  }

  private void save(Register changed) {
    try {
      PrivateFiles.replace(file, JSON.writeValueAsBytes(changed));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
    register = changed;
  }
}
