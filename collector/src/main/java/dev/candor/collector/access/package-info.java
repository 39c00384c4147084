/**
 * The lock before the answers: accounts and their roles, passwords, invitations, OpenID Connect,
 * sessions, API tokens, ingest keys, and the audit log of who did what. What is kept lies in {@code
 * access/} of the data directory. Start at {@link dev.candor.collector.access.Accounts}.
 *
 * <p>It asks an OpenID Connect provider over HTTP, but must not know our own server, pages, reports
 * or pings, and keeps no address of anybody.
 */
@NullMarked
package dev.candor.collector.access;

import org.jspecify.annotations.NullMarked;
