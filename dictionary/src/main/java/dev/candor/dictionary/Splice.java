package dev.candor.dictionary;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A message's bytes, and which stretches of them to cut or replace, from left to right. */
final class Splice {
  private record Edit(int start, int end, String insert) {}

  private final byte[] body;
  private final List<Edit> edits = new ArrayList<>();
  private int knownOffset;
  private int knownLine = 1;
  private int knownLineStart;

  Splice(byte[] body) {
    this.body = body;
  }

  /** Takes a stretch out and puts a separator in its place. */
  void cut(int start, int end, String separator) {
    edits.add(new Edit(start, end, separator));
  }

  /** Puts a value in another's place; of the same length, in the very same bytes. */
  void replace(int start, int end, String value) {
    byte[] bytes = value.getBytes(StandardCharsets.US_ASCII);
    if (bytes.length == end - start) {
      System.arraycopy(bytes, 0, body, start, bytes.length);
    } else {
      edits.add(new Edit(start, end, value));
    }
  }

  /**
   * Where a gap begins that starts with this element: at the comma before it, or after the bracket.
   */
  int gapBefore(int elementStart) {
    int at = Utf8.skipSpaceBack(body, elementStart);
    return body[at - 1] == ',' ? at - 1 : at;
  }

  /** Where the name begins whose value begins here. */
  int nameStart(int valueStart) {
    int at = Utf8.skipSpaceBack(body, valueStart) - 1; // the colon
    at = Utf8.skipSpaceBack(body, at) - 1; // the closing quote
    do {
      at--;
    } while (body[at] != '"' || escaped(at));
    return at;
  }

  private boolean escaped(int quote) {
    int backslashes = 0;
    while (body[quote - 1 - backslashes] == '\\') {
      backslashes++;
    }
    return backslashes % 2 == 1;
  }

  /** Line and column from 1, the column in bytes. */
  int[] lineAndColumn(int offset) {
    if (offset < knownOffset) {
      knownOffset = 0;
      knownLine = 1;
      knownLineStart = 0;
    }
    for (; knownOffset < offset; knownOffset++) {
      if (body[knownOffset] == '\n') {
        knownLine++;
        knownLineStart = knownOffset + 1;
      }
    }
    return new int[] {knownLine, offset - knownLineStart + 1};
  }

  /** What is left between these offsets, on one line. */
  byte[] result(int start, int end) {
    byte[] all = body;
    if (!edits.isEmpty()) {
      ByteArrayOutputStream out = new ByteArrayOutputStream(end - start);
      int at = start;
      for (Edit edit : edits) {
        out.write(body, at, edit.start() - at);
        out.writeBytes(edit.insert().getBytes(StandardCharsets.US_ASCII));
        at = edit.end();
      }
      out.write(body, at, end - at);
      all = out.toByteArray();
    } else if (start > 0 || end < body.length) {
      all = Arrays.copyOfRange(body, start, end);
    }
    // Strict JSON has line ends between tokens only, where a blank says the same.
    for (int i = 0; i < all.length; i++) {
      if (all[i] == '\n' || all[i] == '\r') {
        all[i] = ' ';
      }
    }
    return all;
  }
}
