package dev.candor.dictionary;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** What JSON parsers let pass about encoding and this sieve does not. */
final class Utf8 {
  private static final int CHUNK = 8192;

  private Utf8() {}

  /** Where the bytes stop being UTF-8; -1 if they are. */
  static int malformedAt(byte[] body) {
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer in = ByteBuffer.wrap(body);
    CharBuffer out = CharBuffer.allocate(Math.max(1, Math.min(body.length, CHUNK)));
    while (true) {
      CoderResult result = decoder.decode(in, out, true);
      if (result.isError()) {
        return in.position();
      }
      if (result.isUnderflow()) {
        return -1;
      }
      out.clear();
    }
  }

  /** Whether an escape of a surrogate, in a pair or alone, stands anywhere. */
  static boolean hasEscapedSurrogate(byte[] body) {
    for (int i = 0; i + 3 < body.length; i++) {
      if (body[i] == '\\'
          && body[i + 1] == 'u'
          && (body[i + 2] | 0x20) == 'd'
          && Character.digit(body[i + 3], 16) >= 8) {
        return true;
      }
    }
    return false;
  }

  static boolean hasLoneSurrogate(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        return true;
      }
    }
    return false;
  }

  /** The first offset from here that holds no JSON white space. */
  static int skipSpace(byte[] body, int from) {
    int at = from;
    while (at < body.length && isSpace(body[at])) {
      at++;
    }
    return at;
  }

  /** The offset after the last byte before this one that is no JSON white space. */
  static int skipSpaceBack(byte[] body, int from) {
    int at = from;
    while (at > 0 && isSpace(body[at - 1])) {
      at--;
    }
    return at;
  }

  static boolean isSpace(byte b) {
    return b == ' ' || b == '\n' || b == '\r' || b == '\t';
  }
}
