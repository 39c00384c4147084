package dev.candor.collector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RekeySecretTest {
  @TempDir Path data;

  @Test
  void isMadeOnceForItsUserAlone() throws IOException {
    RekeySecret.in(data, new SecureRandom());
    Path file = data.resolve("secret/rekey.key");
    byte[] first = Files.readAllBytes(file);
    RekeySecret.in(data, new SecureRandom());

    assertThat(file).hasBinaryContent(first);
    assertThat(first).hasSize(32);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
        .isEqualTo("rwx------");
    assertThat(data.resolve("secret")).isDirectoryNotContaining("glob:**.new");
  }

  @Test
  void isNotReplacedWhenItIsDamaged() throws IOException {
    RekeySecret.in(data, new SecureRandom());
    Files.write(data.resolve("secret/rekey.key"), new byte[31]);

    assertThatThrownBy(() -> RekeySecret.in(data, new SecureRandom()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("has 31 bytes instead of 32: restore it from a backup");
  }
}
