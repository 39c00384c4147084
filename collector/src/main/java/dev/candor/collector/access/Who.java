package dev.candor.collector.access;

/**
 * Somebody who has proved who they are.
 *
 * @param name the account's name, {@code oidc:} and the name that the provider gave, or {@code
 *     token:} and the token's name
 * @param role what they may do
 */
public record Who(String name, Role role) {}
