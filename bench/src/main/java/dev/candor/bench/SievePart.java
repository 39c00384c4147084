package dev.candor.bench;

import java.util.List;
import org.openjdk.jmh.annotations.Mode;

/** The sieve beside a bare token loop and a JSON Schema validator. */
final class SievePart implements Part {
  private static final List<String> METHODS =
      List.of("tokens", "tokensRead", "sieve", "rekeyingSieve", "hashingSieve", "validator");

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
    Jmh.Scores rates =
        new Jmh(setting, SieveBenchmark.class, Mode.Throughput, 8192, true).run(METHODS);
    double megabytes = megabytes(8192);
    Spread sieve = rates.of("sieve");
    results.table(
        "Sieve, clean 8 KB ping, one core, MB/s of JSON",
        List.of("what", "MB/s"),
        List.of(
            List.of("Jackson, tokens only", rates.of("tokens").times(megabytes).toString()),
            List.of(
                "Jackson, every character of each string",
                rates.of("tokensRead").times(megabytes).toString()),
            List.of("sieve", sieve.times(megabytes).toString()),
            List.of(
                "sieve, pseudonyms replaced, most met before",
                rates.of("rekeyingSieve").times(megabytes).toString()),
            List.of(
                "sieve, pseudonyms replaced, all new",
                rates.of("hashingSieve").times(megabytes).toString()),
            List.of(
                "networknt JSON Schema validator",
                rates.of("validator").times(megabytes).toString())));
    results.ratio("sieve, 8 KB", "Jackson's tokens", sieve.over(rates.of("tokens")), 0.8);
    results.ratio(
        "sieve, 8 KB", "Jackson, every character read", sieve.over(rates.of("tokensRead")), 0.8);
    results.ratio("sieve, 8 KB", "JSON Schema validator", sieve.over(rates.of("validator")), 10);
  }

  /** Million bytes of a ping, in the mean. */
  private static double megabytes(int size) {
    double bytes = 0;
    for (int i = 0; i < SieveBenchmark.DISTINCT; i++) {
      bytes += Pings.ping(i, size).length;
    }
    return bytes / SieveBenchmark.DISTINCT / 1e6;
  }
}
