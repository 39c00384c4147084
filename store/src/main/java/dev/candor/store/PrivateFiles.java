package dev.candor.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
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

/** Files and folders that their owner alone may read, and whose names survive a power loss. */
public final class PrivateFiles {
  private PrivateFiles() {}

  /** Makes a folder and those above it that lack; one that is there stays as it is. */
  public static Path folder(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      return folder;
    }
    Path parent = folder.toAbsolutePath().getParent();
    if (parent != null) {
      folder(parent);
    }
    try {
      Files.createDirectory(folder, attributes(folder, "rwx------"));
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(folder)) {
        throw e;
      }
    }
    sync(parent);
    return folder;
  }

  /** Opens a file for reading and writing, making it if need be or as the options say. */
  public static FileChannel open(Path file, OpenOption... options) throws IOException {
    return FileChannel.open(file, Set.of(options), attributes(file, "rw-------"));
  }

  /** Makes a file of these bytes, in place of one that stands there, and the folders above it. */
  public static Path create(Path file, byte[] bytes, boolean sync) throws IOException {
    folder(file.resolveSibling(".").normalize());
    Files.deleteIfExists(file);
    try (FileChannel channel =
        open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
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

  /** Puts these bytes in a file's place: after a crash it holds the old ones or the new. */
  public static void replace(Path file, byte[] bytes) throws IOException {
    Path made = create(file.resolveSibling(file.getFileName() + ".new"), bytes, true);
    Files.move(made, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    sync(file.toAbsolutePath().getParent());
  }

  /** Makes durable what was created in a folder, where the system can. */
  public static void sync(@Nullable Path folder) throws IOException {
    if (folder != null && posix(folder)) {
      try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  /** Takes a file from everyone but its owner. */
  public static void restrict(Path file) throws IOException {
    if (posix(file) && Files.exists(file)) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }
  }

  /** Whether others than the owner may do anything with it. */
  static boolean isOpenToOthers(Path path) throws IOException {
    return posix(path)
        && !PosixFilePermissions.toString(Files.getPosixFilePermissions(path)).endsWith("------");
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
