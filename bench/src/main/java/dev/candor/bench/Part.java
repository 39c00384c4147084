package dev.candor.bench;

/** One of the things that are measured, chosen by its name. */
interface Part {
  /** As it is named on the command line. */
  String name();

  /** What it measures, in a sentence. */
  String about();

  /** Measures, and adds what it found to the results. */
  void run(Setting setting, Results results) throws Exception;
}
