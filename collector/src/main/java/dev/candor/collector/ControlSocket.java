package dev.candor.collector;

import dev.candor.store.Faults;
import dev.candor.store.PrivateFiles;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import jdk.net.ExtendedSocketOptions;

/**
 * Lets other commands of the same user ask a running receiver, which alone may open the store: a
 * Unix domain socket in the data directory. One line with a command and its words, parted by
 * spaces, goes in; out come a status line ({@code ok} and the number of bytes, or {@code error} and
 * why) and the bytes.
 */
public final class ControlSocket implements AutoCloseable {
  /** Answers a command by its words. */
  @FunctionalInterface
  public interface Command {
    /**
     * Answers.
     *
     * @param words what followed the command's name
     * @throws IllegalArgumentException if the words make no sense; its message goes to the asker
     */
    void answer(List<String> words, OutputStream out) throws IOException;
  }

  private static final Logger LOG = System.getLogger("dev.candor.collector");
  private static final int MAX_LINE = 1000;
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final ServerSocketChannel channel;
  private final Path path;
  private final Path data;
  private final Map<String, Command> commands;
  private final Faults faults;
  private final String user;

  private ControlSocket(
      ServerSocketChannel channel,
      Path path,
      Path data,
      Map<String, Command> commands,
      Faults faults)
      throws IOException {
    this.channel = channel;
    this.path = path;
    this.data = data;
    this.commands = Map.copyOf(commands);
    this.faults = faults;
    this.user = Files.getOwner(path).getName();
  }

  /**
   * Opens the socket of a data directory whose lock this process holds, and answers until closed.
   */
  public static ControlSocket open(Path data, Map<String, Command> commands, Faults faults)
      throws IOException {
    Path path = ControlPath.choose(data);
    Files.deleteIfExists(path);
    ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      channel.bind(UnixDomainSocketAddress.of(path));
      PrivateFiles.restrict(path);
      ControlSocket socket = new ControlSocket(channel, path, data, commands, faults);
      Thread.ofVirtual().name("candor-control").start(socket::accept);
      return socket;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private void accept() {
    while (channel.isOpen()) {
      try {
        SocketChannel asker = channel.accept();
        Thread.ofVirtual().name("candor-control-asker").start(() -> serve(asker));
      } catch (ClosedChannelException e) {
        return;
      } catch (IOException e) {
        faults.note(Faults.At.CONTROL, e);
        return;
      }
    }
  }

  private void serve(SocketChannel asker) {
    try (asker) {
      if (allowed(asker)) {
        Thread guard = hurry(asker);
        String line = line(Channels.newInputStream(asker));
        guard.interrupt();
        answer(line, Channels.newOutputStream(asker));
      }
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "an asker at the control socket went away", e);
    } catch (RuntimeException | Error e) {
      faults.note(Faults.At.CONTROL, e);
    }
  }

  /** The socket's file is its user's alone only after it was made: so ask who is there. */
  private boolean allowed(SocketChannel asker) throws IOException {
    return !asker.supportedOptions().contains(ExtendedSocketOptions.SO_PEERCRED)
        || asker.getOption(ExtendedSocketOptions.SO_PEERCRED).user().getName().equals(user)
        || asker.getOption(ExtendedSocketOptions.SO_PEERCRED).user().getName().equals("root");
  }

  private static Thread hurry(SocketChannel asker) {
    return Thread.startVirtualThread(
        () -> {
          try {
            Thread.sleep(PATIENCE);
            asker.close();
          } catch (InterruptedException | IOException e) {
            // The line came, or the asker is gone.
          }
        });
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n' && c >= 0 && line.length() < MAX_LINE; c = in.read()) {
      line.append((char) c);
    }
    return line.toString();
  }

  private void answer(String line, OutputStream raw) throws IOException {
    List<String> words = Arrays.asList(line.strip().split(" +", -1));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    String status;
    try {
      Command command = commands.get(words.getFirst());
      if (command == null) {
        throw new IllegalArgumentException("expected one of " + commands.keySet());
      }
      command.answer(words.subList(1, words.size()), bytes);
      status = "ok " + bytes.size();
    } catch (IOException | RuntimeException | Error e) {
      if (!(e instanceof IllegalArgumentException)) {
        faults.note(Faults.At.CONTROL, e);
      }
      bytes.reset();
      status = "error " + String.valueOf(e.getMessage()).replaceAll("[\\r\\n]+", " ");
    }
    OutputStream out = new BufferedOutputStream(raw);
    out.write((status + "\n").getBytes(StandardCharsets.UTF_8));
    bytes.writeTo(out);
    out.flush();
  }

  @Override
  public void close() throws IOException {
    channel.close();
    Files.deleteIfExists(path);
    ControlPath.forget(data);
  }
}
