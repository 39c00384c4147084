package dev.candor.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The files of a product: a folder on the disk, or one that lies beside a class in its jar. */
public sealed interface ProductFolder {
  /** A file's bytes; empty if there is none of that name. */
  Optional<byte[]> read(String name) throws IOException;

  /** The names of the SQL files in a folder below, in their order, without {@code .sql}. */
  List<String> list(String folder) throws IOException;

  /** A file's text; empty if there is none of that name. */
  default Optional<String> text(String name) throws IOException {
    return read(name).map(bytes -> new String(bytes, StandardCharsets.UTF_8));
  }

  /** The SQL files of a folder below. Digits that give the order are not in the name. */
  default Map<String, String> files(String folder) throws IOException {
    Map<String, String> files = new LinkedHashMap<>();
    for (String name : list(folder)) {
      String file = folder + "/" + name + ".sql";
      files.put(
          name.replaceFirst("^[0-9]+-", ""),
          text(file).orElseThrow(() -> new NoSuchFileException(file)));
    }
    return files;
  }

  /** A folder on the disk. */
  record OnDisk(Path path) implements ProductFolder {
    @Override
    public Optional<byte[]> read(String name) throws IOException {
      Path file = path.resolve(name);
      return Files.exists(file) ? Optional.of(Files.readAllBytes(file)) : Optional.empty();
    }

    @Override
    public List<String> list(String folder) throws IOException {
      Path below = path.resolve(folder);
      if (!Files.isDirectory(below)) {
        return List.of();
      }
      try (Stream<Path> files = Files.list(below)) {
        return files
            .map(file -> file.getFileName().toString())
            .filter(name -> name.endsWith(".sql"))
            .map(name -> name.substring(0, name.length() - ".sql".length()))
            .sorted()
            .toList();
      }
    }

    @Override
    public String toString() {
      return path.toString();
    }
  }

  /** Resources beside a class. A jar cannot be listed: {@code index.txt} names a folder's files. */
  record BesideClass(Class<?> of) implements ProductFolder {
    @Override
    public Optional<byte[]> read(String name) throws IOException {
      try (InputStream in = of.getResourceAsStream(name)) {
        return in == null ? Optional.empty() : Optional.of(in.readAllBytes());
      }
    }

    @Override
    public List<String> list(String folder) throws IOException {
      return text(folder + "/index.txt").stream()
          .flatMap(String::lines)
          .filter(line -> !line.isBlank())
          .toList();
    }

    @Override
    public String toString() {
      return of.getPackageName();
    }
  }
}
