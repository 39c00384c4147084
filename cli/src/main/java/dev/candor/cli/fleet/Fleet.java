package dev.candor.cli.fleet;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator.SplittableGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * A fleet of SonarQube servers. Each has a random generator of its own, split off one after the
 * other: the first ten of a fleet of thousand live exactly as a fleet of ten does.
 */
public final class Fleet {
  private final FleetSettings settings;

  /** A fleet that has not lived yet. */
  public Fleet(FleetSettings settings) {
    this.settings = settings;
  }

  /** All its messages, day by day and server by server. May be told again and again. */
  public void tell(Consumer<Message> listener) {
    List<Release> releases = Release.calendar(settings.end());
    SplittableGenerator luck =
        RandomGeneratorFactory.<SplittableGenerator>of("L64X128MixRandom").create(settings.seed());
    List<Server> servers = new ArrayList<>(settings.instances());
    for (int i = 0; i < settings.instances(); i++) {
      servers.add(new Server(luck.split(), releases, settings));
    }
    for (LocalDate day = settings.start(); !day.isAfter(settings.end()); day = day.plusDays(1)) {
      for (Server server : servers) {
        server.live(day, listener);
      }
    }
  }

  /** The messages of its last day only, as if they had just been sent. */
  public List<Message> lastDay() {
    List<Message> last = new ArrayList<>();
    tell(
        message -> {
          if (message.received().atZone(ZoneOffset.UTC).toLocalDate().equals(settings.end())) {
            last.add(message);
          }
        });
    return last;
  }
}
