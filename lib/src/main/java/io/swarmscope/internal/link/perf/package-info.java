/** Perf: how many bytes a second a connection carries, measured the way other implementations measure it. */
@NullMarked
package io.swarmscope.internal.link.perf;

import org.jspecify.annotations.NullMarked;
