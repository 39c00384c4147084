package dev.candor.client;

/** Threads that never keep the program alive nor take its time. */
final class Threads {
  private Threads() {}

  @SuppressWarnings("ThreadPriorityCheck") // a wish, not a promise: the host comes first
  static Thread daemon(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.setPriority(Thread.MIN_PRIORITY);
    return thread;
  }
}
