package dev.candor.dictionary;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A message's bytes, and which stretches of them to cut or replace, from left to right. */
final class Splice {
  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  private record Edit(int start, int end, byte[] insert) {}

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
    edits.add(new Edit(start, end, StringGrammar.bytes(separator)));
  }

  /** Puts text in another's place; of the same length, in the very same bytes. */
  void replace(int start, int end, byte[] text) {
    if (text.length == end - start) {
      System.arraycopy(text, 0, body, start, text.length);
    } else {
      edits.add(new Edit(start, end, text));
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

  /**
   * What is left between these offsets, on one line.
   *
   * @param lineEnds whether there may be any in it
   */
  byte[] result(int start, int end, boolean lineEnds) {
    byte[] all = body;
    if (!edits.isEmpty()) {
      ByteArrayOutputStream out = new ByteArrayOutputStream(end - start);
      int at = start;
      for (Edit edit : edits) {
        out.write(body, at, edit.start() - at);
        out.writeBytes(edit.insert());
        at = edit.end();
      }
      out.write(body, at, end - at);
      all = out.toByteArray();
    } else if (start > 0 || end < body.length) {
      all = Arrays.copyOfRange(body, start, end);
    }
    // Strict JSON has line ends between tokens only, where a blank says the same.
    for (int i = 0; lineEnds && i < all.length; i++) {
      if (all[i] == '\n' || all[i] == '\r') {
        all[i] = ' ';
      }
    }
    return all;
  }
}
