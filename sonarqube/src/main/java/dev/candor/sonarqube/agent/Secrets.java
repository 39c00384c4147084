package dev.candor.sonarqube.agent;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** Reads settings that were encrypted by SonarQube: {@code {aes-gcm}…}, {@code {aes}…}, {b64}. */
final class Secrets {
  private static final int GCM_IV_BYTES = 12;
  private static final int GCM_TAG_BITS = 128;

  private final Path keyFile;

  Secrets(Settings settings, Path userHome) {
    this.keyFile =
        settings
            .value("sonar.secretKeyPath")
            .map(Path::of)
            .orElseGet(() -> userHome.resolve(".sonar").resolve("sonar-secret.txt"));
  }

  /**
   * The setting's value in the clear.
   *
   * @throws SettingsException if it cannot be decrypted; it names the setting, never the value
   */
  String clear(Setting setting) throws SettingsException {
    Optional<String> problem = setting.problem();
    if (problem.isPresent()) {
      throw new SettingsException(problem.get());
    }
    String value = setting.value();
    try {
      if (value.startsWith("{aes-gcm}")) {
        byte[] all = Base64.getDecoder().decode(value.substring("{aes-gcm}".length()));
        GCMParameterSpec iv = new GCMParameterSpec(GCM_TAG_BITS, all, 0, GCM_IV_BYTES);
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(Cipher.DECRYPT_MODE, key(), iv);
        return text(cipher.doFinal(Arrays.copyOfRange(all, GCM_IV_BYTES, all.length)));
      }
      if (value.startsWith("{aes}")) {
        Cipher cipher = Cipher.getInstance("AES/ECB/PKCS5Padding"); // as old servers wrote it
        cipher.init(Cipher.DECRYPT_MODE, key());
        return text(cipher.doFinal(Base64.getDecoder().decode(value.substring("{aes}".length()))));
      }
      if (value.startsWith("{b64}")) {
        return text(Base64.getDecoder().decode(value.substring("{b64}".length())));
      }
      return value;
    } catch (GeneralSecurityException | IllegalArgumentException | IOException e) {
      throw new SettingsException(
          setting
              + " cannot be decrypted with the key in "
              + keyFile
              + " ("
              + e.getClass().getSimpleName()
              + "): check sonar.secretKeyPath");
    }
  }

  private SecretKeySpec key() throws IOException {
    String encoded = Files.readString(keyFile).strip();
    return new SecretKeySpec(Base64.getDecoder().decode(encoded), "AES");
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
