package dev.candor.collector.dashboard;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What the API says and hears. Each record is one JSON object, and its schema in the API's
 * description is made from it: see {@link Schemas}. A member that may lack is null here.
 */
public final class Json {
  private Json() {}

  record Products(List<Product> products) {}

  record Product(String name, String title, List<String> facets) {}

  record Pages(List<Page> pages) {}

  record Page(String name, String title, String intro, List<String> reports) {}

  record Reports(List<Report> reports) {}

  record Report(String name, String title, String question, String href) {}

  /**
   * A report's answer.
   *
   * @param withheld places of numbers that are not shown, as JSON Pointers
   * @param whole whether these are all rows; CSV has them
   * @param incomplete what is to be said of days that are not whole, by day
   */
  record Answer(
      String report,
      Instant asOf,
      List<String> columns,
      List<List<@Nullable Object>> rows,
      List<String> withheld,
      boolean whole,
      Map<String, String> incomplete) {}

  record Query(String sql) {}

  /**
   * A query's answer.
   *
   * @param whole whether these are all rows; CSV has them
   */
  record Rows(List<String> columns, List<List<@Nullable Object>> rows, boolean whole) {}

  record Instances(
      long found, int page, long pages, List<String> columns, List<List<@Nullable Object>> rows) {}

  record Instance(String id, Map<String, @Nullable Object> facts, List<Message> messages) {}

  record Message(
      String message, long row, @Nullable Instant received, @Nullable String client, String href) {}

  record MessageText(JsonNode message) {}

  /**
   * The dictionary, by kinds of messages.
   *
   * @param note on how often fields are filled
   */
  record Dictionary(
      String product,
      String title,
      String description,
      String note,
      Map<String, List<Field>> messages) {}

  /**
   * A field that may be sent.
   *
   * @param percent of the newest messages that have it; lacks where it is withheld or none came
   * @param itemPercent of the items of a list that have it, likewise
   */
  record Field(
      String field,
      String kind,
      String what,
      String why,
      String since,
      String example,
      @Nullable Object percent,
      @Nullable Object itemPercent) {}

  record Users(List<User> users) {}

  record User(String name, String role, boolean passwordChosen, Instant created) {}

  record NewUser(String name, String role) {}

  /**
   * An invitation; the path on this dashboard is good once.
   *
   * @param url the same in full; lacks where the dashboard was not told how browsers find it
   */
  record Invited(String name, String role, String path, @Nullable String url) {}

  record Tokens(List<Token> tokens) {}

  record Token(
      String name,
      String role,
      String createdBy,
      Instant created,
      Instant expires,
      @Nullable LocalDate lastUsed) {}

  record NewToken(String name, String role, int days) {}

  /** A token, shown this once. */
  record Issued(String name, String token) {}

  record IngestKeys(List<IngestKey> keys) {}

  record IngestKey(
      String name,
      String product,
      String createdBy,
      Instant created,
      Instant demanded,
      boolean good,
      @Nullable Instant ends,
      @Nullable LocalDate lastUsed) {}

  record NewIngestKey(String name, String product, @Nullable Integer openDays) {}

  /** An ingest key within its address, shown this once. */
  record MadeIngestKey(String name, String url, List<String> setup) {}

  record EndOfIngestKey(@Nullable LocalDate day) {}

  record Ended(String name, Instant ends) {}

  record Done(String done) {}

  /**
   * An erasure that takes its time.
   *
   * @param state {@code waiting}, {@code quarantine}, {@code store}, {@code rewrite}, then {@code
   *     done}, {@code nothing} or {@code failed}
   * @param says the receipt once it is done, else what it is at
   */
  record Erasure(String state, String says, Instant asked, String href) {}

  record Settings(List<Group> groups) {}

  /** Settings that belong together. */
  public record Group(String title, List<Setting> settings) {}

  /**
   * What is in force.
   *
   * @param option the option that sets it; lacks for what is built in or reckoned
   * @param href the page on which it is changed while the receiver runs
   */
  public record Setting(
      String name, String value, @Nullable String option, @Nullable String href) {}

  record SavedReports(List<SavedReport> reports) {}

  record SavedReport(
      String name,
      String title,
      String question,
      String chart,
      String author,
      Instant saved,
      String sql,
      String href) {}

  /** A query to save, or to put in the place of a saved one. */
  record NewSavedReport(
      @Nullable String name, String title, String question, String chart, String sql) {}
}
