/**
 * The packages this node knows of, searchable in memory behind {@link io.swarmscope.internal.store.PackageIndex}; and, behind
 * {@link io.swarmscope.internal.store.Store}, the database in which the node keeps what it must not forget.
 */
@NullMarked
package io.swarmscope.internal.store;

import org.jspecify.annotations.NullMarked;
