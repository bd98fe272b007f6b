/** The secure channel of a link: Noise XX with the libp2p payload that binds the channel to a peer's identity. */
@NullMarked
package io.swarmscope.internal.link.noise;

import org.jspecify.annotations.NullMarked;
