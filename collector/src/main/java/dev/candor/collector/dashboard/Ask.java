package dev.candor.collector.dashboard;

import dev.candor.collector.access.Session;
import dev.candor.collector.access.Who;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A request that was let in.
 *
 * @param path the path
 * @param names what stands in the places that the endpoint's pattern names
 * @param query the query's parameters; of repeated ones the first
 * @param form the form's fields, or a JSON body's members
 * @param who who asks; empty at public endpoints
 * @param session their session; empty for a token and at public endpoints
 * @param sessionSecret the session's secret, to end it
 * @param cookies all that the browser sent, by their names
 */
record Ask(
    String path,
    Map<String, String> names,
    Map<String, String> query,
    Map<String, String> form,
    Optional<Who> who,
    Optional<Session> session,
    Optional<String> sessionSecret,
    Map<String, String> cookies) {

  /** The same, after its session was ended. */
  Ask signedOut() {
    return new Ask(
        path, names, query, form, Optional.empty(), Optional.empty(), Optional.empty(), cookies);
  }

  Who asker() {
    return who.orElseThrow(() -> new IllegalStateException("nobody is signed in"));
  }

  String name(String name) {
    return names.getOrDefault(name, "");
  }

  Optional<String> parameter(String name) {
    return Optional.ofNullable(query.get(name)).filter(value -> !value.isBlank());
  }

  String field(String name) {
    return form.getOrDefault(name, "").strip();
  }

  int number(String name, int otherwise, int least, int most) {
    Optional<String> text = parameter(name);
    if (text.isEmpty()) {
      return otherwise;
    }
    int number = text.get().matches("[0-9]{1,9}") ? Integer.parseInt(text.get()) : -1;
    if (number < least || number > most) {
      throw HttpException.badRequest(
          "parameter " + name + ": expected a number from " + least + " to " + most);
    }
    return number;
  }

  String oneOf(String name, String otherwise, List<String> words) {
    String word = parameter(name).orElse(otherwise);
    if (!words.contains(word)) {
      throw HttpException.badRequest("parameter " + name + ": expected one of " + words);
    }
    return word;
  }
}
