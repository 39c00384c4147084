package dev.candor.client;

import java.util.Optional;

/**
 * An opt-out that has not arrived: pings left under this id, and telemetry is off.
 *
 * @param id the instance's id in those pings
 * @param to where they went, and where it goes, without anything secret
 * @param message the opt-out as it stands; empty until the sending process has seen the switch
 */
public record OptOut(String id, String to, Optional<Message> message) {}
