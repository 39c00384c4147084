package dev.candor.cli;

import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Progress bars on stderr: in a terminal only. */
final class Progress {
  private Progress() {}

  /** A bar to close; one that shows nothing where there is no terminal. */
  static ProgressBar bar(String task, long most) {
    ProgressBarBuilder builder =
        new ProgressBarBuilder()
            .setTaskName(task)
            .setInitialMax(most)
            .setUpdateIntervalMillis(100)
            .setStyle(ProgressBarStyle.COLORFUL_UNICODE_BLOCK)
            .showSpeed()
            .setSpeedUnit(java.time.temporal.ChronoUnit.SECONDS);
    return Terminal.interactive()
        ? builder.setConsumer(new ConsoleProgressBarConsumer(System.err, Terminal.width())).build()
        : builder.setConsumer(new DelegatingProgressBarConsumer(_ -> {}, 80)).build();
  }
}
