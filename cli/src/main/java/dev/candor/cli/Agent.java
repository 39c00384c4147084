package dev.candor.cli;

import dev.candor.client.Telemetry;
import dev.candor.sonarqube.agent.SonarQubeAgent;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Runs a server's telemetry beside it. */
@Command(
    name = "agent",
    description =
        "Runs beside a SonarQube: once a day collects its ping, read only, and sends it, until it "
            + "is stopped (Ctrl-C, SIGTERM). Obeys the switch in conf/sonar.properties.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExample:%n",
    footer = {
      "  candor preview --home /opt/sonarqube     look first: what would be sent",
      "  candor agent --home /opt/sonarqube --url https://telemetry.example.com/sonarqube"
    })
final class Agent implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;
  @Mixin private HomeOptions home = new HomeOptions();

  @Override
  public Integer call() throws InterruptedException {
    SonarQubeAgent agent = home.onlySender();
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    CountDownLatch stopped = new CountDownLatch(1);
    Telemetry telemetry = HomeOptions.usable(agent.telemetry(Clock.systemUTC())::build);
    Runtime runtime = Runtime.getRuntime();
    runtime.addShutdownHook(
        new Thread(
            () -> {
              telemetry.close();
              stopped.countDown();
              runtime.halt(0); // a stop that was asked for is a success; Java would say 143
            },
            "candor-stop"));
    telemetry.begin();
    out.println("Beside the SonarQube in " + home.home().toAbsolutePath());
    out.println(
        "Pings go to " + agent.transport().address() + ", by " + agent.endpoint().because());
    agent
        .transport()
        .problem()
        .ifPresent(problem -> out.println("  to mend, nothing is sent: " + problem));
    out.println("State in " + home.state().toAbsolutePath() + "; see: candor status");
    out.flush();
    stopped.await();
    return 0;
  }
}
