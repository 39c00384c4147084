package dev.candor.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The sieve beside a bare token loop and a JSON Schema validator. */
final class SievePart implements Part {
  private static final List<String> METHODS =
      List.of("tokens", "tokensRead", "sieve", "rekeyingSieve", "validator");

  @Override
  public String name() {
    return "sieve";
  }

  @Override
  public String about() {
    return "the sieve against Jackson's bare token loop and a JSON Schema validator, one core";
  }

  @Override
  public void run(Setting setting, Results results) throws Exception {
    Map<String, Spread> speed = speed(setting, 8192);
    Spread sieve = of(speed, "sieve");
    results.table(
        "Sieve, clean 8 KB ping, one core, MB/s of JSON",
        List.of("what", "MB/s"),
        List.of(
            List.of("Jackson, tokens only", of(speed, "tokens").toString()),
            List.of("Jackson, every character of each string", of(speed, "tokensRead").toString()),
            List.of("sieve", sieve.toString()),
            List.of("sieve, pseudonyms replaced", of(speed, "rekeyingSieve").toString()),
            List.of("networknt JSON Schema validator", of(speed, "validator").toString())));
    results.ratio("sieve, 8 KB", "Jackson's tokens", sieve.over(of(speed, "tokens")), 0.8);
    results.ratio(
        "sieve, 8 KB", "Jackson, every character read", sieve.over(of(speed, "tokensRead")), 0.8);
    results.ratio("sieve, 8 KB", "JSON Schema validator", sieve.over(of(speed, "validator")), 10);
  }

  private static Spread of(Map<String, Spread> speed, String method) {
    return Objects.requireNonNull(speed.get(method), method);
  }

  /** MB/s of JSON. */
  private static Map<String, Spread> speed(Setting setting, int size) throws Exception {
    double bytes = 0;
    for (int i = 0; i < 64; i++) {
      bytes += Pings.ping(i, size).length / 64.0;
    }
    double megabytes = bytes / 1e6;
    Map<String, Spread> speed = new LinkedHashMap<>();
    Jmh.throughput(setting, SieveBenchmark.class, size, METHODS)
        .forEach((method, operations) -> speed.put(method, operations.times(megabytes)));
    return speed;
  }
}
