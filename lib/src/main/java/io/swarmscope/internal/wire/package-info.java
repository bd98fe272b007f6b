/** Bytes to values and back: varints, length-prefixed frames, protobuf fields, multihashes, and every limit in one place. */
@NullMarked
package io.swarmscope.internal.wire;

import org.jspecify.annotations.NullMarked;
