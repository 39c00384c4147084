package dev.candor.dictionary;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Short stretches of bytes, eight at a time. */
final class Bytes {
  private static final VarHandle EIGHT =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** An odd number whose bits look random. */
  private static final long MIX = 0x9E3779B97F4A7C15L;

  private Bytes() {}

  /** Whether this text stands here. */
  static boolean at(byte[] body, int from, byte[] text) {
    int length = text.length;
    if (length > body.length - from) {
      return false;
    }
    if (length < 8) {
      for (int i = 0; i < length; i++) {
        if (text[i] != body[from + i]) {
          return false;
        }
      }
      return true;
    }
    int last = length - 8;
    for (int i = 0; i < last; i += 8) {
      if (eight(text, i) != eight(body, from + i)) {
        return false;
      }
    }
    return eight(text, last) == eight(body, from + last);
  }

  /** A hash of what stands here. */
  static int hash(byte[] body, int from, int to) {
    long hash = to - from;
    int i = from;
    for (; i <= to - 8; i += 8) {
      hash = (hash ^ eight(body, i)) * MIX;
      hash ^= hash >>> 32;
    }
    for (; i < to; i++) {
      hash = (hash ^ body[i]) * MIX;
    }
    return (int) (hash >>> 32);
  }

  private static long eight(byte[] bytes, int at) {
    return (long) EIGHT.get(bytes, at);
  }
}
