/** Wires the parts of a node, starts and closes them, and carries out the calls of the registry. The only package that sees all others. */
@NullMarked
package io.swarmscope.internal.node;

import org.jspecify.annotations.NullMarked;
