package dev.candor.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How a run measures.
 *
 * @param brief whether it only shows that everything still works; its times mean nothing then
 * @param rounds how often each measurement is repeated, in turns with its peers
 * @param seconds how long one lasts under load
 * @param instances how many the reports tell of
 * @param store where the reports' store is kept from run to run, if it is
 * @param home the project's folder
 * @param work a folder for what comes and goes
 * @param recordings where flight recordings of the receiver are kept, if they are wanted
 * @param console where progress is told
 */
record Setting(
    boolean brief,
    int rounds,
    int seconds,
    int instances,
    Optional<Path> store,
    Path home,
    Path work,
    Optional<Path> recordings,
    PrintWriter console) {

  void say(String line) {
    console.println(line);
    console.flush();
  }

  /** A new empty folder. */
  Path folder(String name) throws IOException {
    return Files.createTempDirectory(work, name + "-");
  }
}
