/**
 * The lock before the answers: accounts and their roles, passwords, invitations, sessions, API
 * tokens, ingest keys, and the audit log of who did what. All of it lies in {@code access/} of the
 * data directory. Start at {@link dev.candor.collector.access.Accounts}.
 *
 * <p>It must not know HTTP, pages, reports or pings, and keeps no address of anybody.
 */
@NullMarked
package dev.candor.collector.access;

import org.jspecify.annotations.NullMarked;
