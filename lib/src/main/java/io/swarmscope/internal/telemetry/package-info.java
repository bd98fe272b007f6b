/** What can be seen of a running node from outside: spans and metrics of OpenTelemetry, events of the flight recorder, figures of its calls. */
@NullMarked
package io.swarmscope.internal.telemetry;

import org.jspecify.annotations.NullMarked;
