package dev.candor.collector;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Asks a running receiver through its {@link ControlSocket}. */
public final class ControlClient {
  /** What the receiver said to a command that it could not answer. */
  public static final class Refused extends IOException {
    private static final long serialVersionUID = 1L;

    Refused(String message) {
      super(message);
    }
  }

  private ControlClient() {}

  /**
   * Asks the receiver of a data directory.
   *
   * @param line the command and its words, such as {@code report sonarqube versions csv}
   * @return the answer's bytes; empty if no receiver is running there
   * @throws Refused if the receiver says why it cannot answer
   * @throws IOException if the answer breaks off
   */
  public static Optional<byte[]> ask(Path data, String line) throws IOException {
    if (line.indexOf('\n') >= 0) {
      throw new IllegalArgumentException("a command is one line");
    }
    Path path = ControlPath.find(data);
    if (Files.notExists(path)) {
      return Optional.empty();
    }
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
      ByteBuffer question = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
      while (question.hasRemaining()) {
        channel.write(question);
      }
      return Optional.of(read(Channels.newInputStream(channel)));
    } catch (ConnectException e) {
      return Optional.empty();
    }
  }

  private static byte[] read(InputStream in) throws IOException {
    ByteArrayOutputStream first = new ByteArrayOutputStream();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("the receiver broke off before its answer");
      }
      first.write(c);
    }
    String status = first.toString(StandardCharsets.UTF_8);
    if (!status.startsWith("ok ")) {
      throw new Refused(status.replaceFirst("^error ", ""));
    }
    int size = Integer.parseInt(status.substring(3));
    byte[] bytes = in.readNBytes(size);
    if (bytes.length < size) {
      throw new EOFException(
          "the receiver broke off after " + bytes.length + " of " + size + " bytes");
    }
    return bytes;
  }
}
