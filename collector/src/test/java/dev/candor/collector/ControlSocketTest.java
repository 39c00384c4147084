package dev.candor.collector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candor.store.Faults;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlSocketTest {
  private static final ControlSocket.Command ECHO =
      (words, out) -> out.write(String.join("|", words).getBytes(StandardCharsets.UTF_8));
  private static final ControlSocket.Command FAIL =
      (_, _) -> {
        throw new IllegalArgumentException("no such report");
      };

  private static final ControlSocket.Command BREAK =
      (words, out) -> {
        throw new NoClassDefFoundError("of " + words);
      };

  @TempDir Path data;
  private final Faults faults = new Faults();

  @Test
  void answersCommandsWithTheirBytes() throws IOException {
    try (ControlSocket socket = open(data)) {
      assertThat(socket).isNotNull();
      assertThat(ControlClient.ask(data, "echo sonarqube versions csv"))
          .hasValue("sonarqube|versions|csv".getBytes(StandardCharsets.UTF_8));
      assertThat(ControlClient.ask(data, "echo")).hasValue(new byte[0]);
      assertThatThrownBy(() -> ControlClient.ask(data, "fail x"))
          .isInstanceOf(ControlClient.Refused.class)
          .hasMessage("no such report");
      assertThatThrownBy(() -> ControlClient.ask(data, "other"))
          .isInstanceOf(ControlClient.Refused.class)
          .hasMessageStartingWith("expected one of [");
      assertThat(
              PosixFilePermissions.toString(
                  Files.getPosixFilePermissions(data.resolve("control.sock"))))
          .isEqualTo("rw-------");
    }
    assertThat(data.resolve("control.sock")).doesNotExist();
  }

  @Test
  void aFaultOfACommandIsAnsweredAndCounted() throws IOException {
    try (ControlSocket socket = open(data)) {
      assertThat(socket).isNotNull();
      assertThatThrownBy(() -> ControlClient.ask(data, "break x"))
          .isInstanceOf(ControlClient.Refused.class)
          .hasMessage("of [x]");
      assertThat(ControlClient.ask(data, "echo a")).isPresent();
    }
    assertThat(faults.sum(Faults.At.CONTROL)).isEqualTo(1);
  }

  private ControlSocket open(Path data) throws IOException {
    return ControlSocket.open(data, Map.of("echo", ECHO, "fail", FAIL, "break", BREAK), faults);
  }

  @Test
  void saysWhenNobodyIsThere() throws IOException {
    assertThat(ControlClient.ask(data, "echo")).isEmpty();
    try (var left =
        java.nio.channels.ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX)) {
      left.bind(java.net.UnixDomainSocketAddress.of(data.resolve("control.sock")));
    }
    assertThat(data.resolve("control.sock")).exists();
    assertThat(ControlClient.ask(data, "echo")).isEmpty();
    try (ControlSocket socket = open(data)) {
      assertThat(socket).isNotNull();
      assertThat(ControlClient.ask(data, "echo a")).isPresent();
    }
  }

  @Test
  void findsAPlaceForTheSocketOfADeepDirectory() throws IOException {
    Path deep = Files.createDirectories(data.resolve("d".repeat(60)).resolve("e".repeat(60)));
    Path far;
    try (ControlSocket socket = open(deep)) {
      assertThat(socket).isNotNull();
      far = Path.of(Files.readString(deep.resolve("control.path")));
      assertThat(far).exists();
      assertThat(ControlClient.ask(deep, "echo a")).isPresent();
    }
    assertThat(far.getParent()).doesNotExist();
    assertThat(deep.resolve("control.path")).doesNotExist();
  }
}
