package dev.candor.collector;

/** What came is no body that could be sifted. */
final class BodyRefused extends Exception {
  private static final long serialVersionUID = 1L;
  private final transient Problem problem;

  BodyRefused(Problem problem) {
    super(problem.title(), null, false, false);
    this.problem = problem;
  }

  Problem problem() {
    return problem;
  }
}
