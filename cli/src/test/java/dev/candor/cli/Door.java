package dev.candor.cli;

import java.io.PrintWriter;
import java.io.StringWriter;

/** What a command said and how it ended. */
record Door(int exitCode, String out, String err) {

  static Door candor(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exitCode =
        Candor.commandLine(new PrintWriter(out, true), new PrintWriter(err, true), args)
            .execute(args);
    return new Door(exitCode, out.toString(), err.toString());
  }
}
