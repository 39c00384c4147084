package dev.candor.client;

import dev.candor.dictionary.Dictionary;
import dev.candor.dictionary.Finding;
import dev.candor.dictionary.MessageType;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One instance's telemetry: collects a ping every 24 hours, sends it, and obeys the switch. {@link
 * #of} begins one; {@link Builder#start} runs it on a thread of its own, {@link Builder#build}
 * leaves the steps to the caller.
 *
 * <p>What it does never disturbs the program around it: nothing it is given to do after the start
 * throws, blocks or outlives {@link #close} by more than five seconds.
 */
public final class Telemetry implements AutoCloseable {
  /** Earlier versions noted here since when telemetry is on. */
  private static final String SWITCHED_ON = "switched-on";

  private static final String WANTED = "wanted";
  private static final Duration LEAST_BACKOFF = Duration.ofMinutes(1);
  private static final Duration MOST_BACKOFF = Duration.ofHours(6);
  private static final Duration EARLY = Duration.ofSeconds(1);
  private static final Duration STOP = Duration.ofSeconds(4);

  private final Dictionary dictionary;
  private final Transport transport;
  private final Path state;
  private final List<Draft.Named> sources;
  private final Identity identity;
  private final boolean asked;
  private final Switch position;
  private final Runnable afterSources;
  private final Cadence cadence;
  private final Budget budget;
  private final Clock clock;
  private final LongSupplier nanos;
  private final RandomGenerator random;
  private final Map<String, String> environment;
  private final OutboxLimits limits;
  private final Logger log;
  private final Lease lease;
  private final Outbox outbox;
  private final OptOuts optOuts;
  private final Owner owner;
  private final MessageType heartbeat;
  private final Schedule schedule;
  private final Complaints complaints;
  private final ConcurrentMap<String, Thread> running = new ConcurrentHashMap<>();
  private final Object steps = new Object();
  private final long start;
  private final LongAdder pings = new LongAdder();
  private final LongAdder accepted = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder failedAttempts = new LongAdder();
  private final LongAdder omissions = new LongAdder();
  private final LongAdder faults = new LongAdder();
  private @Nullable Thread thread;
  private volatile boolean closed;
  private volatile long owed;
  private boolean opened;
  private Optional<Instant> known = Optional.empty();
  private long collectAfter;
  private int failures;

  private Telemetry(Builder builder) {
    this.dictionary = builder.dictionary;
    this.transport = builder.transport;
    this.state = builder.state;
    this.sources = List.copyOf(builder.sources);
    this.afterSources = builder.afterSources;
    this.clock = builder.clock;
    this.nanos = builder.nanos;
    this.random = builder.random;
    this.environment = builder.environment;
    this.limits = builder.limits;
    this.position = builder.position;
    this.cadence = builder.cadence;
    this.budget = builder.budget;
    this.log = builder.log;
    this.heartbeat =
        dictionary
            .heartbeat()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "the dictionary of "
                            + dictionary.product()
                            + " has no heartbeat: of its messages, name the one that is sent daily"
                            + " \"ping\""));
    this.owner = new Owner(state, dictionary.product(), builder.owner);
    this.identity =
        builder.identity != null
            ? builder.identity
            : Identity.random(state.resolve("identity"), random, dictionary);
    this.asked = builder.identity != null && !builder.slow;
    this.lease =
        builder.lease != null
            ? builder.lease
            : new FileLease(state.resolve("lease"), Duration.ZERO, clock);
    this.outbox = new Outbox(state, limits, clock);
    this.optOuts = new OptOuts(state, outbox, dictionary.optOut(), random);
    this.schedule = new Schedule(cadence, nanos);
    this.complaints = new Complaints(log, nanos);
    this.start = nanos.getAsLong();
    this.collectAfter = start;
  }

  /**
   * Begins a product's telemetry.
   *
   * @param dictionary everything that its messages may hold
   * @param endpoint where pings go: https, or http to this machine
   * @throws IllegalArgumentException if the endpoint is neither
   */
  public static Builder of(Dictionary dictionary, URI endpoint) {
    return of(dictionary, Transport.of(endpoint, "candor-client/0.1"));
  }

  /** Begins a product's telemetry with a transport of one's own. */
  public static Builder of(Dictionary dictionary, Transport transport) {
    return new Builder(dictionary, transport);
  }

  /** What a program says about its telemetry. All but the state directory has a default. */
  public static final class Builder {
    private final Dictionary dictionary;
    private final Transport transport;
    private final List<Draft.Named> sources = new ArrayList<>();
    private Path state = Path.of("telemetry");
    private Runnable afterSources = () -> {};
    private String owner = "";
    private @Nullable Identity identity;
    private boolean slow;
    private @Nullable Lease lease;
    private Switch position = Switch.alwaysOn();
    private Cadence cadence = Cadence.DAILY;
    private Budget budget = Budget.DEFAULT;
    private OutboxLimits limits = OutboxLimits.DEFAULT;
    private Clock clock = Clock.systemUTC();
    private LongSupplier nanos = System::nanoTime;
    private RandomGenerator random = new SecureRandom();
    private Map<String, String> environment = System.getenv();
    private Logger log = System.getLogger("dev.candor.client");

    private Builder(Dictionary dictionary, Transport transport) {
      this.dictionary = dictionary;
      this.transport = transport;
    }

    /** The state directory: outbox, sent log, identity. {@code telemetry} otherwise. */
    public Builder state(Path directory) {
      this.state = directory;
      return this;
    }

    /**
     * What tells this instance from others of the product on this machine, such as the folder that
     * it is installed in. The state directory belongs to it from then on, and another instance that
     * is given the same directory, or a copy, is refused.
     */
    public Builder owner(String words) {
      this.owner = words;
      return this;
    }

    /** One more source; they are asked in this order, and the ping has theirs in it. */
    public Builder source(String name, Source source) {
      sources.add(new Draft.Named(name, source));
      return this;
    }

    /**
     * Called when all sources of a ping have been asked, whatever came of them: to let go of what
     * they share. A source that did not keep its time may still be at work then. Must not throw.
     */
    public Builder afterSources(Runnable own) {
      this.afterSources = own;
      return this;
    }

    /**
     * The instance's id; otherwise a random one that fits the dictionary, kept in the state
     * directory. Asked when this is built, too, so that one that does not fit is known at once.
     */
    public Builder identity(Identity own) {
      this.identity = own;
      this.slow = false;
      return this;
    }

    /** As {@link #identity}, where it comes from a database or the like: asked for pings only. */
    public Builder slowIdentity(Identity own) {
      this.identity = own;
      this.slow = true;
      return this;
    }

    /** The switch; otherwise only {@code DO_NOT_TRACK} turns telemetry off. */
    public Builder switchedBy(Switch own) {
      this.position = own;
      return this;
    }

    /** When to ping. */
    public Builder cadence(Cadence own) {
      this.cadence = own;
      return this;
    }

    /** Which process of the instance sends; otherwise a lock in the state directory decides. */
    public Builder lease(Lease own) {
      this.lease = own;
      return this;
    }

    /** What each source may use. */
    public Builder budget(Budget own) {
      this.budget = own;
      return this;
    }

    /** How much the state directory keeps. */
    public Builder limits(OutboxLimits own) {
      this.limits = own;
      return this;
    }

    /** Where log lines go. */
    public Builder log(Logger own) {
      this.log = own;
      return this;
    }

    /** Wall clock, monotonic clock in nanoseconds, and randomness. */
    public Builder time(Clock wall, LongSupplier monotonic, RandomGenerator dice) {
      this.clock = wall;
      this.nanos = monotonic;
      this.random = dice;
      return this;
    }

    /** The environment's variables, for {@code DO_NOT_TRACK}. */
    public Builder environment(Map<String, String> variables) {
      this.environment = Map.copyOf(variables);
      return this;
    }

    /**
     * Telemetry whose steps the caller takes, by {@link Telemetry#tick}. Whatever is wrong with the
     * set-up is said here; afterwards nothing is thrown into the program.
     *
     * @throws IllegalArgumentException if the dictionary has no heartbeat, the sources' names are
     *     not distinct, or the id does not fit the dictionary; an identity that takes more than a
     *     second is asked no further
     * @throws IllegalStateException if the state directory cannot be written, or is another's
     */
    public Telemetry build() {
      Telemetry telemetry = new Telemetry(this);
      telemetry.checkSources();
      telemetry.checkState();
      telemetry.checkIdentity();
      return telemetry;
    }

    /**
     * Telemetry that is only looked at, by {@link Telemetry#status} and {@link Telemetry#preview}:
     * the state directory need not be writable.
     *
     * @throws IllegalArgumentException as {@link #build}
     * @throws IllegalStateException if the state directory is another's
     */
    public Telemetry view() {
      Telemetry telemetry = new Telemetry(this);
      telemetry.checkSources();
      telemetry.checkOwner();
      return telemetry;
    }

    /**
     * Telemetry on a daemon thread of least priority, until it is closed.
     *
     * @throws IllegalArgumentException as {@link #build}
     * @throws IllegalStateException as {@link #build}
     */
    public Telemetry start() {
      Telemetry telemetry = build();
      telemetry.begin();
      return telemetry;
    }
  }

  private void checkSources() {
    Set<String> names = new HashSet<>(Set.of("id"));
    for (Draft.Named source : sources) {
      if (!names.add(source.name())) {
        throw new IllegalArgumentException(
            "source \"" + source.name() + "\": each needs a name of its own, and not \"id\"");
      }
    }
  }

  private void checkOwner() {
    try {
      owner.check();
    } catch (IOException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  private void checkState() {
    Path there = state.toAbsolutePath();
    while (there.getParent() != null && Files.notExists(there)) {
      there = there.getParent();
    }
    if (!Files.isDirectory(there) || !Files.isWritable(there)) {
      throw new IllegalStateException(
          "the state directory "
              + state.toAbsolutePath()
              + " cannot be written: "
              + there
              + (Files.isDirectory(there) ? " is not this user's to write" : " is not a folder")
              + "; give it to this user, or name another");
    }
    checkOwner();
  }

  /** Asks an identity of the program's own once, so that a wrong one is not found hours later. */
  private void checkIdentity() {
    if (!asked || !position().on()) {
      return;
    }
    FutureTask<String> asking =
        new FutureTask<>(() -> identity.id(new Meter(budget, System::nanoTime)));
    Threads.daemon("candor-identity", asking).start();
    try {
      String id = asking.get(EARLY.toMillis(), TimeUnit.MILLISECONDS);
      Ids ids = new Ids(dictionary);
      if (!ids.fit(id)) {
        throw new IllegalArgumentException(
            "the id that identity(…) gives does not fit the dictionary of "
                + dictionary.product()
                + ": member \""
                + heartbeat.id()
                + "\" of "
                + heartbeat.name()
                + ", expected "
                + ids.expected());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      asking.cancel(true); // it cannot be told now, which a ping will say if it stays so
    }
  }

  /** Runs what was built on a daemon thread of least priority, until it is closed. */
  public void begin() {
    Thread own = Threads.daemon("candor-telemetry", this::run);
    thread = own;
    own.start();
  }

  private void run() {
    while (!closed) {
      tick();
      try {
        Thread.sleep(cadence.look().toMillis());
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  /**
   * One step: asks the switch, makes a ping if one is due, sends what waits and is due. Never
   * throws.
   */
  public void tick() {
    synchronized (steps) {
      try {
        step();
        complaints.over("step");
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (IOException e) {
        faults.increment();
        complaints.about("step", Level.WARNING, "telemetry: " + e.getMessage());
      } catch (Throwable e) { // the program around it must not feel it
        faults.increment();
        complaints.about("step", Level.WARNING, "telemetry failed: " + e.getClass().getName());
      }
    }
  }

  private void step() throws IOException, InterruptedException {
    Switch.Position now = position();
    tell(now);
    if (!lead()) {
      return;
    }
    if (now.on()) {
      on();
    } else {
      off();
    }
    outbox.prune(optOuts::is);
    deliver(now.on());
  }

  /** Whether this process is the one that sends; the first time it mends the state directory. */
  private boolean lead() throws IOException {
    if (!lease.hold()) {
      opened = false;
      return false;
    }
    owner.check();
    if (!opened) {
      owner.note();
      outbox.open();
      if (optOuts.open()) {
        faults.increment();
        log.log(
            Level.WARNING,
            "telemetry: {0} was damaged: what is owed was read from the sent log as well",
            state.resolve(OptOuts.FILE));
      }
      Files.deleteIfExists(state.resolve(SWITCHED_ON));
      // Whoever starts anew may have mended the address, the key or the proxy.
      for (Message message : optOuts.waiting()) {
        hurry(message);
      }
      opened = true;
    }
    return true;
  }

  /** Where the switch stands; a switch that cannot be asked is off. */
  public Switch.Position position() {
    Optional<String> wish = Switch.doNotTrack(environment);
    if (wish.isPresent()) {
      return new Switch.Position(false, wish.get(), List.of());
    }
    try {
      return position.position();
    } catch (RuntimeException e) {
      return new Switch.Position(
          false, "the switch cannot be asked", List.of("the switch failed: " + e.getClass()));
    }
  }

  private void tell(Switch.Position now) {
    String words =
        now.on()
            ? "telemetry is on (" + now.because() + "); pings go to " + transport.address()
            : "telemetry is off (" + now.because() + ")";
    complaints.about("switch", Level.INFO, words);
    for (String problem : now.problems()) {
      complaints.about(problem, Level.WARNING, problem);
    }
  }

  private void on() throws IOException, InterruptedException {
    optOuts.withdraw();
    owed = 0;
    boolean wanted = Files.deleteIfExists(state.resolve(WANTED));
    if (wanted || (due() && !pingedElsewhere())) {
      collect();
    }
  }

  private boolean due() throws IOException, InterruptedException {
    if (nanos.getAsLong() < collectAfter) {
      return false;
    }
    if (schedule.left().isEmpty()) {
      Optional<Message> last = Status.newest(outbox.all(), optOuts);
      Optional<String> id = last.map(Message::id);
      if (id.isEmpty() && upFor().compareTo(cadence.warmUp()) >= 0) {
        id = identify();
      }
      if (id.isEmpty()) {
        return false;
      }
      known = last.map(Message::created);
      schedule.begin(id.get(), known, clock.instant());
    }
    return schedule.left().orElse(Duration.ZERO).isZero();
  }

  private Duration upFor() {
    return Duration.ofNanos(nanos.getAsLong() - start);
  }

  private Optional<String> identify() throws IOException, InterruptedException {
    try (Draft draft = draft(state.resolve("spool.tmp"), List.of())) {
      if (draft.id().isEmpty()) {
        failed(draft);
      }
      return draft.id();
    }
  }

  /** Whether another process made a ping of this instance since. */
  private boolean pingedElsewhere() throws IOException {
    Optional<Instant> shared = lease.lastPing();
    Optional<Instant> here = Status.newest(outbox.all(), optOuts).map(Message::created);
    for (Optional<Instant> other : List.of(shared, here)) {
      boolean recent =
          other
              .filter(at -> !known.equals(Optional.of(at)))
              .filter(at -> at.plus(cadence.period()).isAfter(clock.instant()))
              .isPresent();
      if (recent) {
        known = other;
        schedule.pingedElsewhere(other.orElseThrow(), clock.instant());
        return true;
      }
    }
    return false;
  }

  private Draft draft(Path spool, List<Draft.Named> from) throws IOException, InterruptedException {
    StateFiles.folder(spool.toAbsolutePath().getParent());
    try {
      return Draft.collect(spool, heartbeat, identity, from, budget, nanos, running);
    } finally {
      afterSources.run();
    }
  }

  /** Makes a ping and puts it into the outbox; from then on it counts as this period's. */
  private Optional<Message> collect() throws IOException, InterruptedException {
    try (Draft draft = draft(state.resolve("spool.tmp"), sources)) {
      if (draft.id().isEmpty()) {
        failed(draft);
        return Optional.empty();
      }
      if (!position().on()) {
        return Optional.empty();
      }
      Message message =
          outbox.put(
              heartbeat.name(),
              draft.id().get(),
              Names.key(random),
              transport.compressed(),
              draft::writeTo);
      made(draft, message);
      return Optional.of(message);
    } catch (IOException e) {
      postpone();
      throw new IOException("the ping could not be kept in " + state + ": " + e.getMessage(), e);
    }
  }

  private void made(Draft draft, Message message) throws IOException {
    known = Optional.of(message.created());
    failures = 0;
    pings.increment();
    schedule.pinged();
    report(draft, "a ping was made");
    complaints.over("collect");
    lease.pinged(message.created());
  }

  private void failed(Draft draft) throws IOException {
    postpone();
    faults.increment();
    SourceOutcome id = draft.outcomes().get(0);
    String words = "no ping: the instance's id cannot be told (" + id.detail() + ")";
    report(draft, words);
    complaints.about("collect", Level.WARNING, "telemetry: " + words);
  }

  /** After a failed collecting the next waits longer, an eighth of the period at most. */
  private void postpone() {
    long most = cadence.period().toNanos() / 8;
    long wait = Math.min(most, LEAST_BACKOFF.toNanos() << Math.min(failures, 10));
    failures++;
    collectAfter = nanos.getAsLong() + wait;
  }

  private void report(Draft draft, String result) throws IOException {
    StringBuilder text = new StringBuilder();
    text.append(clock.instant()).append('\n').append(result).append('\n');
    draft.outcomes().forEach(outcome -> text.append(outcome).append('\n'));
    for (Finding finding : draft.findings()) {
      text.append(finding.path()).append(": ").append(finding.expected()).append('\n');
    }
    StateFiles.replace(state.resolve(Status.COLLECTING), text.toString());
    for (SourceOutcome outcome : draft.outcomes()) {
      boolean well = outcome.omitted().filter(why -> why != Omission.NOT_APPLICABLE).isEmpty();
      if (well) {
        complaints.over("source " + outcome.name());
      } else {
        omissions.increment();
        String words = "telemetry goes without " + outcome.name() + ": " + outcome.detail();
        complaints.about("source " + outcome.name(), Level.WARNING, words);
      }
    }
  }

  /** Nothing goes out any more but the opt-out of each id under which a ping left. */
  private void off() throws IOException, InterruptedException {
    boolean wanted = Files.deleteIfExists(state.resolve(WANTED));
    takeOver();
    optOuts.raise();
    for (Message message : outbox.waiting()) {
      if (!optOuts.is(message)) {
        outbox.giveUp(message, "telemetry was switched off");
      } else if (wanted) {
        hurry(message);
      }
    }
    owed = optOuts.debts().size();
  }

  private void hurry(Message message) throws IOException {
    outbox.retry(message.again(message.answer(), message.at(), clock.instant()));
  }

  /** Where another process pinged for the instance and is gone, its opt-out is owed here. */
  private void takeOver() throws IOException, InterruptedException {
    if (lease.lastPing().isPresent()
        && nanos.getAsLong() >= collectAfter
        && optOuts.debts().isEmpty()) {
      Optional<String> id = identify();
      if (id.isPresent()) {
        optOuts.leaving(id.get(), transport.whole());
      }
    }
  }

  /** The debt is paid: nobody who takes over owes it any more. */
  private void paid(String id) throws IOException {
    optOuts.end(id);
    owed = optOuts.debts().size();
    if (owed == 0) {
      lease.pinged(Instant.EPOCH);
    }
  }

  /** Sends what waits and is due; asks the switch before each. */
  private void deliver(boolean on) throws IOException, InterruptedException {
    Instant now = clock.instant();
    List<Message> due = new ArrayList<>();
    for (Message message : outbox.waiting()) {
      boolean farOff = message.next().isAfter(now.plus(MOST_BACKOFF.multipliedBy(5)));
      boolean meant = optOuts.is(message) != on;
      if (meant && (!message.next().isAfter(now) || farOff)) { // far off where a clock was wrong
        due.add(message);
      }
    }
    if (due.isEmpty()) {
      return;
    }
    if (!on) {
      sendOptOuts(due);
      return;
    }
    try (Transport.Session session = transport.open()) {
      for (Message message : due) {
        if (position().on()) {
          sendPing(session, message);
        }
      }
    }
  }

  /** A ping: before it leaves under an id, it is noted that an opt-out will be owed. */
  private Message sendPing(Transport.Session session, Message message)
      throws IOException, InterruptedException {
    Optional<OptOuts.Debt> before = optOuts.leaving(message.id(), transport.whole());
    Message trying = trying(message, transport);
    MessageType type = dictionary.message(message.type());
    Answer answer = session.send(type.method(), type.path(), trying, clock);
    if (!answer.left()) {
      optOuts.stayed(message.id(), before);
    }
    return note(trying, answer);
  }

  /** Opt-outs: each goes where the pings of its id went. */
  private List<Message> sendOptOuts(List<Message> some) throws IOException, InterruptedException {
    List<Message> after = new ArrayList<>();
    for (Message message : some) {
      Transport way = transport.toward(optOuts.address(message.id()));
      try (Transport.Session session = way.open()) {
        if (position().on()) {
          break;
        }
        Message trying = trying(message, way);
        MessageType type = dictionary.message(message.type());
        Answer answer = session.send(type.method(), type.path(), trying, clock).never();
        Message noted = note(trying, answer);
        if (noted.outcome() == Message.Outcome.ACCEPTED) {
          paid(message.id());
        }
        after.add(noted);
      }
    }
    return after;
  }

  /** Noted before: after a kill in between it may have been sent. */
  private Message trying(Message message, Transport way) throws IOException {
    Instant now = clock.instant();
    Message trying =
        message.tried(Message.Outcome.WAITING, way.address(), "not answered yet", now, now);
    outbox.retry(trying);
    return trying;
  }

  private Message note(Message trying, Answer answer) throws IOException {
    Instant then = clock.instant();
    if (answer.outcome() != Message.Outcome.WAITING) {
      Message ended = trying.ended(answer.outcome(), answer.words(), then);
      outbox.settle(ended);
      tell(ended);
      return ended;
    }
    Duration wait = backoff(trying.attempts(), answer.after());
    Message again = trying.again(answer.words(), then, then.plus(wait));
    outbox.retry(again);
    failedAttempts.increment();
    boolean optOut = optOuts.is(trying);
    complaints.about(
        "send",
        optOut ? Level.WARNING : Level.INFO,
        "telemetry: "
            + (optOut ? "the opt-out has not arrived at " : "a ping could not be sent to ")
            + trying.to()
            + ": "
            + answer.words());
    return again;
  }

  private void tell(Message ended) {
    complaints.over("send");
    String what = "telemetry: " + ended.type() + " to " + ended.to();
    if (ended.outcome() == Message.Outcome.ACCEPTED) {
      accepted.increment();
      log.log(Level.INFO, what + " accepted (" + ended.answer() + ")");
    } else {
      refused.increment();
      log.log(Level.WARNING, what + " refused, not tried again: " + ended.answer());
    }
  }

  /** Exponential with full jitter; never before the receiver's own wish. */
  private Duration backoff(int attempts, Optional<Duration> after) {
    long most =
        Math.min(MOST_BACKOFF.toMillis(), LEAST_BACKOFF.toMillis() << Math.min(attempts - 1, 20));
    Duration wait = Duration.ofMillis(1000 + random.nextLong(most));
    return after.filter(asked -> asked.compareTo(wait) > 0).orElse(wait);
  }

  /**
   * Collects now and writes what a ping would be. Stores and sends nothing, whatever the switch
   * says.
   *
   * @throws IOException if the stream or a temporary file fails
   */
  public Preview preview(OutputStream out) throws IOException, InterruptedException {
    Path spool = Files.createTempFile("candor", ".spool");
    try (Draft draft = draft(spool, sources)) {
      draft.writeTo(out);
      return new Preview(draft.id().isPresent(), draft.outcomes(), draft.findings());
    }
  }

  /**
   * Makes a ping and sends it now, due or not.
   *
   * @return the message as it stands afterwards; empty if the switch is off or there is no id
   * @throws IOException if another process sends for this instance, or the state directory fails
   */
  public Optional<Message> sendNow() throws IOException, InterruptedException {
    synchronized (steps) {
      if (!lead()) {
        throw new IOException("another process sends for this instance");
      }
      if (!position().on()) {
        return Optional.empty();
      }
      optOuts.withdraw();
      Optional<Message> message = collect();
      if (message.isEmpty() || !position().on()) {
        return Optional.empty();
      }
      try (Transport.Session session = transport.open()) {
        return Optional.of(sendPing(session, message.get()));
      }
    }
  }

  /**
   * Where telemetry is off: sends each opt-out that is owed, due or not.
   *
   * @return the opt-outs as they stand afterwards; none if nothing is owed, or telemetry is on
   * @throws IOException if another process sends for this instance, or the state directory fails
   */
  public List<Message> optOutNow() throws IOException, InterruptedException {
    synchronized (steps) {
      return withdrawn() ? sendOptOuts(optOuts.waiting()) : List.of();
    }
  }

  /**
   * Where telemetry is off: writes an opt-out that is owed to a file, to be carried to the receiver
   * by hand as an exported ping is. It counts as arrived.
   *
   * @param file where to; compressed if its name ends in {@code .gz}
   * @return empty if nothing is owed, or telemetry is on
   * @throws IOException if another process sends for this instance, or a file cannot be written
   */
  public Optional<Message> exportOptOut(Path file) throws IOException, InterruptedException {
    synchronized (steps) {
      if (!withdrawn() || optOuts.waiting().isEmpty()) {
        return Optional.empty();
      }
      Message exported = optOuts.export(optOuts.waiting().get(0), file);
      paid(exported.id());
      return Optional.of(exported);
    }
  }

  /** Whether telemetry is off; what is owed has its message then. */
  private boolean withdrawn() throws IOException, InterruptedException {
    if (!lead()) {
      throw new IOException("another process sends for this instance");
    }
    if (position().on()) {
      return false;
    }
    off();
    return true;
  }

  /**
   * Whether this process is the one that sends for its instance; if none is, it becomes that.
   *
   * @throws IOException if the lease cannot be told
   */
  public boolean leads() throws IOException {
    synchronized (steps) {
      return lead();
    }
  }

  /** Asks the process that sends for this instance to make a ping at its next look. */
  public void request() throws IOException {
    StateFiles.folder(state);
    StateFiles.replace(state.resolve(WANTED), clock.instant().toString());
  }

  /**
   * Writes a ping to a file, to be carried to the receiver by hand. It counts as sent.
   *
   * @param file where to; compressed if its name ends in {@code .gz}
   * @return empty if the switch is off or there is no id
   * @throws IOException if another process sends for this instance, or a file cannot be written
   */
  public Optional<Message> export(Path file) throws IOException, InterruptedException {
    synchronized (steps) {
      if (!lead()) {
        throw new IOException("another process sends for this instance");
      }
      if (!position().on()) {
        return Optional.empty();
      }
      try (Draft draft = draft(state.resolve("spool.tmp"), sources)) {
        if (draft.id().isEmpty()) {
          failed(draft);
          return Optional.empty();
        }
        String id = draft.id().get();
        optOuts.withdraw();
        Optional<OptOuts.Debt> before = optOuts.leaving(id, transport.whole());
        Message message;
        try {
          message =
              outbox.export(
                  heartbeat.name(), id, Names.key(random), draft::writeTo, file, draft::writeTo);
        } catch (IOException e) {
          optOuts.stayed(id, before);
          throw e;
        }
        made(draft, message);
        return Optional.of(message);
      }
    }
  }

  /**
   * How it stands, from the state directory.
   *
   * @throws IOException if that cannot be read
   */
  public Status status() throws IOException {
    return Status.read(state, position(), cadence.period(), outbox, optOuts, transport);
  }

  /** What happened since the start. */
  public Counts counts() {
    return new Counts(
        pings.sum(),
        accepted.sum(),
        refused.sum(),
        failedAttempts.sum(),
        omissions.sum(),
        faults.sum(),
        owed);
  }

  /** Stops within five seconds; what waits is sent after the next start. */
  @Override
  public void close() {
    closed = true;
    Thread own = thread;
    if (own != null) {
      own.interrupt();
      try {
        own.join(STOP.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    try {
      lease.close();
    } catch (IOException e) {
      complaints.about("lease", Level.WARNING, "telemetry: " + e.getMessage());
    }
  }
}
