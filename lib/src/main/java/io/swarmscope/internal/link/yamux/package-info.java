/**
 * Yamux: many flow-controlled streams over one secure channel. One virtual thread reads and one writes per session;
 * application threads touch neither of them nor the channel, they only wait on their own stream.
 */
@NullMarked
package io.swarmscope.internal.link.yamux;

import org.jspecify.annotations.NullMarked;
