package dev.candor.collector;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Files and folders that their owner alone may read. */
final class PrivateFiles {
  private PrivateFiles() {}

  /** Makes a file of these bytes, in place of one that stands there, and the folders above it. */
  static Path create(Path file, byte[] bytes, boolean sync) throws IOException {
    folder(file.resolveSibling("."));
    Files.deleteIfExists(file);
    try (FileChannel channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW),
            attributes(file, "rw-------"))) {
      ByteBuffer left = ByteBuffer.wrap(bytes);
      while (left.hasRemaining()) {
        channel.write(left);
      }
      if (sync) {
        channel.force(true);
      }
    }
    return file;
  }

  static void folder(Path folder) throws IOException {
    Files.createDirectories(folder.normalize(), attributes(folder, "rwx------"));
  }

  /** Makes durable what was created in a folder, where the system can. */
  static void sync(Path folder) throws IOException {
    if (posix(folder)) {
      try (FileChannel channel = FileChannel.open(folder.normalize(), StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  /** Takes a file from everyone but its owner. */
  static void restrict(Path file) throws IOException {
    if (posix(file)) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }
  }

  private static boolean posix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  private static FileAttribute<?>[] attributes(Path path, String permissions) {
    return posix(path)
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }
}
