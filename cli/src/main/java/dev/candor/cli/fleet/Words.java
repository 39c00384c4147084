package dev.candor.cli.fleet;

import dev.candor.cli.fleet.Luck.Weighted;
import dev.candor.cli.fleet.Release.Shape;
import java.util.ArrayList;
import java.util.List;

/** The words of the mix, and how common each is. */
final class Words {
  private Words() {}

  static final List<Weighted<String>> LANGUAGES =
      List.of(
          Luck.of("java", 30),
          Luck.of("ts", 14),
          Luck.of("js", 12),
          Luck.of("py", 12),
          Luck.of("cs", 10),
          Luck.of("kotlin", 5),
          Luck.of("php", 6),
          Luck.of("go", 5),
          Luck.of("scala", 2),
          Luck.of("ruby", 2),
          Luck.of("vbnet", 1));
  static final List<String> SIDE_LANGUAGES =
      List.of("css", "web", "xml", "yaml", "json", "js", "terraform", "py");
  static final List<Weighted<String>> CIS =
      List.of(
          Luck.of("Jenkins", 30),
          Luck.of("Gitlab CI", 24),
          Luck.of("Github Actions", 18),
          Luck.of("Azure DevOps", 14),
          Luck.of("Bitbucket Pipelines", 5),
          Luck.of("Bamboo", 3),
          Luck.of("CircleCI", 2),
          Luck.of("DroneCI", 1),
          Luck.of("undetected", 8));
  static final List<Weighted<String>> PLATFORMS =
      List.of(
          Luck.of("undetected", 40),
          Luck.of("gitlab_server", 18),
          Luck.of("github_cloud", 14),
          Luck.of("azure_devops_cloud", 10),
          Luck.of("bitbucket_server", 6),
          Luck.of("gitlab_cloud", 5),
          Luck.of("github_server", 4),
          Luck.of("bitbucket_cloud", 2),
          Luck.of("azure_devops_server", 1));
  static final List<Weighted<String>> PROVIDERS =
      List.of(
          Luck.of("sonarqube", 50),
          Luck.of("LDAP", 14),
          Luck.of("saml", 16),
          Luck.of("github", 8),
          Luck.of("gitlab", 9),
          Luck.of("bitbucket", 3));
  static final List<Weighted<String>> CREATIONS =
      List.of(
          Luck.of("UNKNOWN", 30),
          Luck.of("SCANNER_API", 34),
          Luck.of("LOCAL_BROWSER", 16),
          Luck.of("ALM_IMPORT_BROWSER", 12),
          Luck.of("LOCAL_API", 8));

  /** Product name and version of a database, as its driver says them. */
  record Database(String name, String version) {}

  static final List<Weighted<Database>> SERVERS =
      List.of(
          Luck.of(new Database("PostgreSQL", "13.14"), 8),
          Luck.of(new Database("PostgreSQL", "14.5 (Debian 14.5-1)"), 10),
          Luck.of(new Database("PostgreSQL", "15.18 (Debian 15.18-0+deb12u1)"), 30),
          Luck.of(new Database("PostgreSQL", "16.4"), 16),
          Luck.of(new Database("PostgreSQL", "17.2"), 8),
          Luck.of(new Database("Microsoft SQL Server", "15.00.4375"), 7),
          Luck.of(new Database("Microsoft SQL Server", "16.00.4165"), 6),
          Luck.of(new Database("Oracle", "19.0"), 5));

  static Database embedded(Shape shape) {
    return switch (shape) {
      case AGGREGATE -> new Database("H2", "1.4.199 (2019-03-13)");
      case HASHED, SEQUENCED, MANAGED -> new Database("H2", "2.1.214 (2022-06-13)");
      case DEFINITIONS, METRICS -> new Database("H2", "2.2.224 (2023-09-17)");
      case CLOUD -> new Database("H2", "2.3.232 (2024-08-11)");
    };
  }

  /** A plugin and its version. */
  record Plugin(String name, String version) {}

  static final List<Weighted<Plugin>> EXTRAS =
      List.of(
          Luck.of(new Plugin("checkstyle", "10.12.4"), 10),
          Luck.of(new Plugin("findbugs", "4.2.3"), 10),
          Luck.of(new Plugin("pmd", "3.4.0"), 7),
          Luck.of(new Plugin("dependencycheck", "4.0.1"), 9),
          Luck.of(new Plugin("communityBranchPlugin", "1.14.0"), 8),
          Luck.of(new Plugin("cxx", "2.1.1.488"), 4),
          Luck.of(new Plugin("ansible", "2.5.1"), 2),
          Luck.of(new Plugin("groovy", "1.8"), 2),
          Luck.of(new Plugin("flutter", "0.5.2"), 2));

  /** The plugins that come with a release. */
  static List<Plugin> bundled(Shape shape) {
    String[] versions =
        switch (shape) {
          case AGGREGATE ->
              new String[] {
                "3.4.1.8066", "1.8.3.2219", "7.4.2.15501", "8.22.0.31243", "6.15.1.26025",
                "3.4.0.2754", "2.2.0.2973", "2.6.1.2564", "3.17.0.7439", "1.1.1.1157"
              };
          case HASHED ->
              new String[] {
                "3.19.0.10254", "1.11.0.3905", "9.9.0.19492", "8.46.0.54807", "7.14.0.30229",
                "3.6.0.3106", "2.6.1.3686", "2.7.0.2865", "3.25.0.9077", "1.1.1.1157"
              };
          case SEQUENCED, MANAGED ->
              new String[] {
                "3.24.1.11916", "1.11.0.3905", "9.13.0.20537", "8.51.0.59060", "7.16.0.30901",
                "3.7.1.3306", "2.7.0.3820", "2.8.0.3166", "3.27.1.9352", "1.3.0.1538"
              };
          case DEFINITIONS, METRICS ->
              new String[] {
                "4.22.0.16914", "1.17.1.166", "10.16.0.27621", "9.32.0.97167", "8.2.0.36672",
                "3.16.0.5274", "2.10.0.4108", "2.12.0.4568", "3.38.0.12239", "1.3.0.1538"
              };
          case CLOUD ->
              new String[] {
                "4.26.0.19456", "1.18.1.827", "10.20.0.30417", "10.4.0.108396", "8.8.0.37665",
                "3.18.0.5605", "2.12.0.5749", "2.13.0.4977", "3.42.0.12795", "1.3.0.1538"
              };
        };
    String[] names = {
      "python", "sonarscala", "javascript", "csharp", "java", "web", "xml", "flex", "php", "jacoco"
    };
    List<Plugin> plugins = new ArrayList<>(names.length);
    for (int i = 0; i < names.length; i++) {
      plugins.add(new Plugin(names[i], versions[i]));
    }
    return plugins;
  }
}
