package dev.candor.sonarqube.agent;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Passes TCP connections through to a port of this machine and counts them. */
final class Passage implements AutoCloseable {
  private final ServerSocket door;
  private final List<Thread> passing = new CopyOnWriteArrayList<>();
  private final int port;

  Passage(int port) throws IOException {
    this.port = port;
    this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread doorman = new Thread(this::accept);
    doorman.setDaemon(true);
    doorman.start();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = door.accept();
        Socket server = new Socket(InetAddress.getLoopbackAddress(), port);
        pass(server, client, false);
        pass(client, server, true);
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private void pass(Socket from, Socket to, boolean counted) {
    Thread thread =
        new Thread(
            () -> {
              try (from;
                  to) {
                from.getInputStream().transferTo(to.getOutputStream());
              } catch (IOException e) {
                // One side went.
              }
            });
    thread.setDaemon(true);
    if (counted) {
      passing.add(thread);
    }
    thread.start();
  }

  int port() {
    return door.getLocalPort();
  }

  int connections() {
    return passing.size();
  }

  /** Whether every connection is at its end, or comes to it within ten seconds. */
  boolean allEnded() throws InterruptedException {
    for (Thread thread : passing) {
      thread.join(10_000);
    }
    return passing.stream().noneMatch(Thread::isAlive);
  }

  @Override
  public void close() throws IOException {
    door.close();
  }
}
