package dev.candor.cli.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candor.dictionary.Dictionary;
import dev.candor.dictionary.Finding;
import dev.candor.dictionary.Limits;
import dev.candor.dictionary.Sieve;
import dev.candor.dictionary.Sifted;
import dev.candor.sonarqube.SonarQube;
import java.security.MessageDigest;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class FleetTest {
  private static final LocalDate END = LocalDate.of(2026, 3, 1);
  private static final Pattern ID = Pattern.compile("\"(?:id|installation_id)\":\"([^\"]+)\"");
  private static final Pattern VERSION = Pattern.compile("\"version\":\"([^\"]+)\"");

  @Test
  void sameSettingsGiveTheSameBytes() throws Exception {
    assertThat(hash(new FleetSettings(40, 30, 5, END)))
        .isEqualTo(hash(new FleetSettings(40, 30, 5, END)))
        .isNotEqualTo(hash(new FleetSettings(40, 30, 6, END)));
  }

  @Test
  void bytesAreThoseOfTheDayThisTestWasWritten() throws Exception {
    assertThat(hash(new FleetSettings(20, 20, 1, END))).isEqualTo("e68fd4c01ab1a5e6");
  }

  @Test
  void aServerLivesTheSameInALargerFleet() {
    List<String> few = told(new FleetSettings(5, 20, 9, END));
    Set<String> ids = new HashSet<>();
    few.forEach(line -> ids.add(id(line)));
    List<String> sameOfMany =
        told(new FleetSettings(50, 20, 9, END)).stream()
            .filter(line -> ids.contains(id(line)))
            .toList();
    assertThat(sameOfMany).containsExactlyElementsOf(few);
  }

  @Test
  void everyMessagePassesTheSieveWithoutALoss() {
    Dictionary dictionary = SonarQube.dictionary();
    Sieve sieve = new Sieve(Limits.DEFAULT, Optional.empty());
    Set<String> lost = new HashSet<>();
    Set<String> agents = new HashSet<>();
    new Fleet(new FleetSettings(250, 9, 3, END))
        .tell(
            message -> {
              agents.add(message.agent());
              Sifted sifted = sieve.sift(message.bytes(), dictionary.message(message.type()));
              for (Finding finding : sifted.findings()) {
                if (finding.reason().drops() || finding.reason().refuses()) {
                  lost.add(message.agent() + " " + finding);
                }
              }
            });
    assertThat(lost).isEmpty();
    assertThat(agents)
        .as("payloads of all ages")
        .anyMatch(agent -> agent.startsWith("SonarQube/8.9."))
        .anyMatch(agent -> agent.startsWith("SonarQube/9.9."))
        .anyMatch(agent -> agent.startsWith("SonarQube/10."))
        .anyMatch(agent -> agent.startsWith("SonarQube/25."))
        .anyMatch(agent -> agent.startsWith("SonarQube/2025."));
  }

  @Test
  void theFleetUpgradesFallsSilentAndOptsOut() {
    Map<String, Set<String>> versions = new HashMap<>();
    Map<String, LocalDate> last = new HashMap<>();
    Set<String> optedOut = new HashSet<>();
    Set<String> afterOptOut = new HashSet<>();
    new Fleet(new FleetSettings(300, 120, 1, END))
        .tell(
            message -> {
              String id = id(message.body());
              if (optedOut.contains(id)) {
                afterOptOut.add(id);
              }
              if (message.type().equals("opt-out")) {
                optedOut.add(id);
              } else if (message.type().equals("ping")) {
                last.put(id, message.received().atZone(ZoneOffset.UTC).toLocalDate());
                versions.computeIfAbsent(id, _ -> new HashSet<>()).add(message.agent());
              }
            });
    assertThat(optedOut).isNotEmpty();
    assertThat(afterOptOut).as("off is off").isEmpty();
    assertThat(versions.values().stream().filter(v -> v.size() > 1).count()).isGreaterThan(50);
    assertThat(last.values().stream().filter(day -> day.isBefore(END.minusDays(30))).count())
        .isBetween(5L, 60L);
  }

  @Test
  void peopleWorkOnWeekdays() {
    Map<DayOfWeek, Integer> active = new TreeMap<>();
    Pattern activity = Pattern.compile("\"lastActivity\":\"(\\d{4}-\\d\\d-\\d\\d)");
    new Fleet(new FleetSettings(60, 28, 2, END))
        .tell(
            message -> {
              LocalDate day = message.received().atZone(ZoneOffset.UTC).toLocalDate();
              Matcher found = activity.matcher(message.body());
              while (found.find()) {
                LocalDate when = LocalDate.parse(found.group(1));
                assertThat(when).isBefore(day);
                if (when.equals(day.minusDays(1))) {
                  active.merge(when.getDayOfWeek(), 1, Integer::sum);
                }
              }
            });
    assertThat(active.get(DayOfWeek.WEDNESDAY)).isGreaterThan(5 * active.get(DayOfWeek.SUNDAY));
  }

  @Test
  void lastDayIsTheLastDayTold() {
    FleetSettings settings = new FleetSettings(10, 5, 4, END);
    List<String> all = told(settings);
    List<Message> last = new Fleet(settings).lastDay();
    assertThat(last).isNotEmpty();
    assertThat(last.stream().map(Message::envelope).toList())
        .containsExactlyElementsOf(all.subList(all.size() - last.size(), all.size()));
    assertThat(VERSION.matcher(last.getFirst().body()).find()).isTrue();
  }

  private static String id(String text) {
    Matcher id = ID.matcher(text);
    assertThat(id.find()).isTrue();
    return id.group(1);
  }

  private static List<String> told(FleetSettings settings) {
    List<String> lines = new ArrayList<>();
    new Fleet(settings).tell(message -> lines.add(message.envelope()));
    return lines;
  }

  private static String hash(FleetSettings settings) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    told(settings)
        .forEach(line -> digest.update(line.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    return HexFormat.of().formatHex(digest.digest()).substring(0, 16);
  }
}
