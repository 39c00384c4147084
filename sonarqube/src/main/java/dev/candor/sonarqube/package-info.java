/**
 * What Candor knows of SonarQube: its data dictionary, the views that give words one meaning, and
 * the reports. All of it is resources. Knows the dictionary's format, and nothing of servers, files
 * or databases.
 */
@NullMarked
package dev.candor.sonarqube;

import org.jspecify.annotations.NullMarked;
