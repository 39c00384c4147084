package dev.candor.client;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * One source's stretch of the spool file. Takes nothing more once it is cut, so that a source that
 * outlives its time cannot write into another's.
 */
final class Fragment extends OutputStream {
  private final FileChannel spool;
  private final long start;
  private final long most;
  private long length;
  private boolean over;
  private boolean cut;

  Fragment(FileChannel spool, long start, long most) {
    this.spool = spool;
    this.start = start;
    this.most = most;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public synchronized void write(byte[] bytes, int offset, int count) throws IOException {
    if (cut) {
      throw new IOException("the source's time is over");
    }
    if (length + count > most) {
      over = true;
      throw new IOException("more than " + most + " bytes");
    }
    ByteBuffer left = ByteBuffer.wrap(bytes, offset, count);
    while (left.hasRemaining()) {
      length += spool.write(left, start + length);
    }
  }

  /** Takes nothing more. */
  synchronized void cut() {
    cut = true;
  }

  synchronized long length() {
    return length;
  }

  /** Whether the source tried to write more than it may. */
  synchronized boolean over() {
    return over;
  }

  long start() {
    return start;
  }
}
