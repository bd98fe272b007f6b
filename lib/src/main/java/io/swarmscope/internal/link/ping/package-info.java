/** Ping: 32 bytes there and back. */
@NullMarked
package io.swarmscope.internal.link.ping;

import org.jspecify.annotations.NullMarked;
