package dev.candor.dictionary;

import java.util.Optional;

/**
 * What a dictionary says of a place's part in the timeline. All of it may be left out.
 *
 * @param title {@code title}: what people call it; empty for none
 * @param name {@code x-name}: its column in the timeline; empty for one made of its path
 * @param report {@code x-report}: the name of the report on it; empty for its column's
 * @param keep {@code x-fact}: how much of it is kept
 */
public record Label(String title, String name, String report, Optional<Fact.Keep> keep) {}
