/**
 * SonarQube as a product that sends: its settings and switch, its installation, its database read
 * only, and the payload in its own form or the documented one. Start at {@link
 * dev.candor.sonarqube.agent.SonarQubeAgent}.
 *
 * <p>It must not know the receiver, nor bring a database driver: the installation has one.
 */
@NullMarked
package dev.candor.sonarqube.agent;

import org.jspecify.annotations.NullMarked;
