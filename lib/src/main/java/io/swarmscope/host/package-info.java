/**
 * The port between Swarmscope and a libp2p host: listen, dial, open a stream for a protocol, answer a protocol, and
 * hear of connections. The built-in host speaks TCP, Noise and Yamux; another implementation can be put in its place.
 */
@NullMarked
package io.swarmscope.host;

import org.jspecify.annotations.NullMarked;
