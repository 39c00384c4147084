/** Tests of the agent's sources on real and on made-up databases. */
@NullMarked
package dev.candor.sonarqube.agent;

import org.jspecify.annotations.NullMarked;
