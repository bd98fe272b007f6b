/** Gets back what a node missed: range-based set reconciliation with one peer at a time, over what both hold. */
@NullMarked
package io.swarmscope.internal.sync;

import org.jspecify.annotations.NullMarked;
