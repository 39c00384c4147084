/**
 * What people look at: pages and the JSON API over the store's reports, behind {@link
 * dev.candor.collector.access}. Every endpoint is in one list with the role that it needs, see
 * {@link dev.candor.collector.dashboard.Dashboard}. A second listener beside the receiver's.
 *
 * <p>It must not know any product, and keeps or logs no address.
 */
@NullMarked
package dev.candor.collector.dashboard;

import org.jspecify.annotations.NullMarked;
