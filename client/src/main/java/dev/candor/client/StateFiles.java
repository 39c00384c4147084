package dev.candor.client;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Files of the state directory: for their owner alone, durable, and whole or not there. */
final class StateFiles {
  private StateFiles() {}

  static void folder(@Nullable Path folder) throws IOException {
    if (folder != null && !Files.isDirectory(folder)) {
      Files.createDirectories(folder, attributes(folder, "rwx------"));
    }
  }

  /** A channel on a new file. */
  static FileChannel create(Path file, OpenOption... more) throws IOException {
    Set<OpenOption> options = new java.util.HashSet<>(Set.of(more));
    options.add(StandardOpenOption.CREATE);
    options.add(StandardOpenOption.WRITE);
    return FileChannel.open(file, options, attributes(file, "rw-------"));
  }

  /** Makes a file unless it is there already. */
  static boolean createOnce(Path file, String text) throws IOException {
    Path draft = file.resolveSibling(file.getFileName() + ".tmp" + System.nanoTime());
    write(draft, text);
    try {
      Files.createLink(file, draft);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    } catch (UnsupportedOperationException e) {
      Files.move(draft, file); // a file system without links
      return true;
    } finally {
      Files.deleteIfExists(draft);
      sync(file.toAbsolutePath().getParent());
    }
  }

  /** Puts a text in a file's place, at once. */
  static void replace(Path file, String text) throws IOException {
    Path draft = file.resolveSibling(file.getFileName() + ".tmp");
    write(draft, text);
    move(draft, file);
  }

  /** Moves a file within the state directory, durably. */
  static void move(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    sync(to.toAbsolutePath().getParent());
  }

  private static void write(Path file, String text) throws IOException {
    try (FileChannel channel = create(file, StandardOpenOption.TRUNCATE_EXISTING)) {
      ByteBuffer left = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      while (left.hasRemaining()) {
        channel.write(left);
      }
      channel.force(true);
    }
  }

  /** Makes the names in a folder durable, where the system can. */
  static void sync(@Nullable Path folder) throws IOException {
    if (folder != null && posix(folder)) {
      try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      }
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
