package dev.candor.client;

import dev.candor.dictionary.Finding;
import java.util.List;

/**
 * What a ping would be now.
 *
 * @param complete whether it has the instance's id, without which nothing would be sent
 * @param sources how each source went
 * @param findings what the dictionary did not admit or made coarser
 */
public record Preview(boolean complete, List<SourceOutcome> sources, List<Finding> findings) {
  public Preview {
    sources = List.copyOf(sources);
    findings = List.copyOf(findings);
  }
}
