/** Multistream-select: how two peers agree on the protocol that the following bytes belong to. */
@NullMarked
package io.swarmscope.internal.link.multistream;

import org.jspecify.annotations.NullMarked;
