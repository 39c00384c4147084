package dev.candor.collector.dashboard;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A private key and the certificates that go with it, as two PEM files have them. */
final class KeyPairFiles {
  private static final System.Logger LOG = System.getLogger("dev.candor.collector");
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]*)-----END \\1-----");
  private static final List<String> ALGORITHMS = List.of("RSA", "RSASSA-PSS", "EC", "EdDSA");
  private static final String MEND = "; openssl pkcs8 -topk8 -nodes -in FILE makes one of it";

  private final Path certificateFile;
  private final Path keyFile;
  private final PrivateKey key;
  private final List<X509Certificate> chain;

  /**
   * Reads both.
   *
   * @throws IOException if one is not what it should be, or does not belong to the other
   */
  KeyPairFiles(Path certificateFile, Path keyFile) throws IOException {
    this.certificateFile = certificateFile;
    this.keyFile = keyFile;
    try {
      this.key = readKey();
      this.chain = chain(readCertificates());
    } catch (GeneralSecurityException e) {
      throw new IOException(
          certificateFile + " and " + keyFile + " cannot be used for TLS: " + e.getMessage(), e);
    }
  }

  PrivateKey key() {
    return key;
  }

  /** The key's own, then those above it. */
  Certificate[] chain() {
    return chain.toArray(new Certificate[0]);
  }

  /** The key's own. */
  X509Certificate certificate() {
    return chain.getFirst();
  }

  private static byte[] read(Path file) throws IOException {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new IOException(file + ": there is no such file", e);
    } catch (IOException e) {
      throw new IOException(
          file + " cannot be read (" + e.getClass().getSimpleName() + "): check its permissions",
          e);
    }
    if (bytes.length == 0) {
      throw new IOException(file + " is empty");
    }
    return bytes;
  }

  private List<X509Certificate> readCertificates() throws IOException {
    byte[] bytes = read(certificateFile);
    List<X509Certificate> all = new ArrayList<>();
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      Matcher block = BLOCK.matcher(new String(bytes, StandardCharsets.ISO_8859_1));
      while (block.find()) {
        if (block.group(1).endsWith("CERTIFICATE")) {
          byte[] one = Base64.getMimeDecoder().decode(block.group(2));
          all.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(one)));
        }
      }
    } catch (CertificateException | IllegalArgumentException e) {
      throw new IOException(certificateFile + " has a certificate that cannot be read", e);
    }
    if (all.isEmpty()) {
      throw new IOException(
          certificateFile + ": expected certificates in PEM (\"BEGIN CERTIFICATE\")");
    }
    return all;
  }

  private PrivateKey readKey() throws IOException, GeneralSecurityException {
    Matcher block = BLOCK.matcher(new String(read(keyFile), StandardCharsets.ISO_8859_1));
    Optional<String> other = Optional.empty();
    while (block.find()) {
      if (block.group(1).equals("PRIVATE KEY")) {
        return key(block.group(2));
      }
      other = Optional.of(block.group(1));
    }
    String expected =
        keyFile + ": expected an unencrypted PKCS 8 key in PEM (\"BEGIN PRIVATE KEY\")";
    throw new IOException(
        switch (other.orElse("")) {
          case "ENCRYPTED PRIVATE KEY" -> expected + ", but this one has a password" + MEND;
          case "CERTIFICATE" -> expected + ", but this is a certificate: are the files swapped?";
          case "" -> expected;
          case String word when word.endsWith("PRIVATE KEY") ->
              expected + ", but this is \"BEGIN " + word + "\"" + MEND;
          default -> expected;
        });
  }

  private PrivateKey key(String base64) throws IOException, GeneralSecurityException {
    byte[] bytes;
    try {
      bytes = Base64.getMimeDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw new IOException(keyFile + ": the key is damaged", e);
    }
    for (String algorithm : ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(bytes));
      } catch (InvalidKeySpecException e) {
        // The next may fit.
      }
    }
    throw new IOException(keyFile + ": expected a key of one of " + ALGORITHMS);
  }

  /** The key's certificate and those above it, in that order; others are left out with a word. */
  private List<X509Certificate> chain(List<X509Certificate> all)
      throws IOException, GeneralSecurityException {
    List<X509Certificate> left = new ArrayList<>(all);
    X509Certificate own = null;
    for (X509Certificate one : all) {
      if (own == null && belong(one.getPublicKey())) {
        own = one;
      }
    }
    if (own == null) {
      throw new IOException(
          "the key "
              + keyFile
              + " does not belong to the certificate "
              + certificateFile
              + " ("
              + all.getFirst().getSubjectX500Principal().getName()
              + "): give both of the same order");
    }
    List<X509Certificate> chain = new ArrayList<>();
    for (X509Certificate next = own; next != null; next = issuer(next, left)) {
      chain.add(next);
      left.remove(next);
    }
    if (!chain.equals(all)) {
      LOG.log(
          Level.WARNING,
          left.isEmpty()
              ? "the certificates of {0} are not in order: the key''s own should come first, then"
                  + " each one''s issuer; they are used so"
              : "{0} has certificates that do not belong to the key''s own, or not in order: {1} are"
                  + " left out",
          certificateFile,
          left.size());
    }
    return chain;
  }

  private static @org.jspecify.annotations.Nullable X509Certificate issuer(
      X509Certificate of, List<X509Certificate> among) {
    for (X509Certificate one : among) {
      if (!one.equals(of) && one.getSubjectX500Principal().equals(of.getIssuerX500Principal())) {
        try {
          of.verify(one.getPublicKey());
          return one;
        } catch (GeneralSecurityException e) {
          // Of the same name, as after a renewal of the authority; another may fit.
        }
      }
    }
    return null;
  }

  /** Whether what the key signs is what that one verifies. */
  private boolean belong(PublicKey other) throws GeneralSecurityException {
    if (!other.getAlgorithm().equals(key.getAlgorithm())) {
      return false;
    }
    String algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          case String same -> same;
        };
    byte[] text = "the same pair".getBytes(StandardCharsets.US_ASCII);
    try {
      Signature sign = signature(algorithm);
      sign.initSign(key);
      sign.update(text);
      byte[] signed = sign.sign();
      Signature verify = signature(algorithm);
      verify.initVerify(other);
      verify.update(text);
      return verify.verify(signed);
    } catch (java.security.SignatureException | java.security.InvalidKeyException e) {
      return false; // Of another size or curve.
    }
  }

  private static Signature signature(String algorithm) throws GeneralSecurityException {
    Signature signature = Signature.getInstance(algorithm);
    if (algorithm.equals("RSASSA-PSS")) {
      signature.setParameter(
          new java.security.spec.PSSParameterSpec(
              "SHA-256", "MGF1", java.security.spec.MGF1ParameterSpec.SHA256, 32, 1));
    }
    return signature;
  }
}
