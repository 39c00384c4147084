package dev.candor.bench;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * Requests that are ready to be sent, compressed and in chunks as SonarQube sends them. Each ping
 * gets an instance's id of its own at the moment it is taken, so that none repeats another.
 */
final class Requests {
  /** What a chunk of OkHttp holds, SonarQube's client. */
  private static final int CHUNK = 8192;

  /** Where the eight digits stand by which ids differ: after <code>{"id":"</code>. */
  private static final int ID_AT = 7;

  private static final int ID_LENGTH = 8;

  /** What stays uncompressed, so that the digits can be changed. */
  private static final int HEAD = ID_AT + ID_LENGTH;

  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  /**
   * One request.
   *
   * @param head where the first bytes of its ping stand, uncompressed; -1 if it is sent as it is
   * @param crc where the check sum of the ping stands
   * @param rest the part of the check sum that the head has no part in
   * @param carry what each bit of the head's own check sum does to the whole one
   */
  private record Template(byte[] bytes, int head, int crc, int rest, int[] carry) {}

  private final List<Template> all = new ArrayList<>();
  private final double bytes;
  private long taken;

  private Requests(double bytes) {
    this.bytes = bytes;
  }

  /** So many different pings, each again and again under other ids. */
  static Requests pings(String path, int count, int bytes) {
    List<byte[]> bodies = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      bodies.add(Pings.ping(i, bytes));
    }
    Requests requests = new Requests(mean(bodies));
    bodies.forEach(body -> requests.add(path, body));
    return requests;
  }

  /** These bodies as they are. */
  static Requests of(String path, List<byte[]> bodies) {
    Requests requests = new Requests(mean(bodies));
    for (byte[] body : bodies) {
      ByteArrayOutputStream request = head(path);
      chunks(request, Pings.gzip(body));
      requests.all.add(new Template(request.toByteArray(), -1, 0, 0, new int[0]));
    }
    return requests;
  }

  private static double mean(List<byte[]> bodies) {
    return bodies.stream().mapToInt(body -> body.length).average().orElse(0);
  }

  private void add(String path, byte[] body) {
    ByteArrayOutputStream gzip = new ByteArrayOutputStream();
    gzip.writeBytes(new byte[] {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, 0});
    gzip.writeBytes(new byte[] {0, HEAD, 0, (byte) ~HEAD, (byte) 0xff}); // a stored block
    gzip.write(body, 0, HEAD);
    byte[] some = new byte[body.length + 64];
    try (Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true)) {
      deflater.setInput(body, HEAD, body.length - HEAD);
      deflater.finish();
      gzip.write(some, 0, deflater.deflate(some));
    }
    gzip.writeBytes(littleEndian(crc(body)));
    gzip.writeBytes(littleEndian(body.length));
    ByteArrayOutputStream request = head(path);
    int start = request.size();
    chunks(request, gzip.toByteArray());
    boolean oneChunk = gzip.size() <= CHUNK;
    int first = start + Integer.toHexString(gzip.size()).length() + 2;
    all.add(
        new Template(
            request.toByteArray(),
            oneChunk ? first + 15 : -1,
            first + gzip.size() - 8,
            oneChunk ? rest(body) : 0,
            oneChunk ? carry(body.length) : new int[0]));
  }

  /** A check sum is linear: that of the head, carried on, and that of the rest are added. */
  private static int rest(byte[] body) {
    byte[] copy = body.clone();
    return crc(copy) ^ carried(carry(body.length), bits(copy));
  }

  private static int[] carry(int length) {
    byte[] zeros = new byte[length];
    int none = crc(zeros);
    int[] carry = new int[ID_LENGTH * 8];
    for (int bit = 0; bit < carry.length; bit++) {
      zeros[ID_AT + bit / 8] = (byte) (1 << bit % 8);
      carry[bit] = crc(zeros) ^ none;
      zeros[ID_AT + bit / 8] = 0;
    }
    return carry;
  }

  private static long bits(byte[] body) {
    long bits = 0;
    for (int i = 0; i < ID_LENGTH; i++) {
      bits |= (body[ID_AT + i] & 0xffL) << 8 * i;
    }
    return bits;
  }

  private static int carried(int[] carry, long bits) {
    int crc = 0;
    for (long left = bits; left != 0; left &= left - 1) {
      crc ^= carry[Long.numberOfTrailingZeros(left)];
    }
    return crc;
  }

  private static int crc(byte[] bytes) {
    CRC32 crc = new CRC32();
    crc.update(bytes);
    return (int) crc.getValue();
  }

  private static byte[] littleEndian(int value) {
    return new byte[] {
      (byte) value, (byte) (value >> 8), (byte) (value >> 16), (byte) (value >> 24)
    };
  }

  private static ByteArrayOutputStream head(String path) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ascii(
        out,
        "POST "
            + path
            + " HTTP/1.1\r\n"
            + "Host: 127.0.0.1\r\n"
            + "Content-Encoding: gzip\r\n"
            + "Content-Type: application/json; charset=utf-8\r\n"
            + "Transfer-Encoding: chunked\r\n"
            + "Connection: Keep-Alive\r\n"
            + "User-Agent: SonarQube/9.7.0.61563\r\n\r\n");
    return out;
  }

  private static void chunks(ByteArrayOutputStream out, byte[] body) {
    for (int at = 0; at < body.length; at += CHUNK) {
      int size = Math.min(CHUNK, body.length - at);
      ascii(out, Integer.toHexString(size) + "\r\n");
      out.write(body, at, size);
      ascii(out, "\r\n");
    }
    ascii(out, "0\r\n\r\n");
  }

  private static void ascii(ByteArrayOutputStream out, String text) {
    out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
  }

  /** The next request, from an instance that none of the 2^32 before it came from. */
  ByteBuffer next() {
    long number = taken++;
    Template template = all.get((int) (number % all.size()));
    if (template.head < 0) {
      return ByteBuffer.wrap(template.bytes);
    }
    byte[] request = template.bytes.clone();
    // Odd, so that it goes through all numbers, and far enough that ids are not in order.
    String id = HEX.toHexDigits((int) (number * 0x9E3779B1L));
    long bits = 0;
    for (int i = 0; i < ID_LENGTH; i++) {
      request[template.head + ID_AT + i] = (byte) id.charAt(i);
      bits |= (long) id.charAt(i) << 8 * i;
    }
    byte[] crc = littleEndian(template.rest ^ carried(template.carry, bits));
    System.arraycopy(crc, 0, request, template.crc, crc.length);
    return ByteBuffer.wrap(request);
  }

  /** How many bytes a body has before it is compressed, in the mean. */
  double bytes() {
    return bytes;
  }
}
