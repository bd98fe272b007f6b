/** The packages this node knows of, searchable. In memory for now; {@link io.swarmscope.internal.store.PackageIndex} is the seam. */
@NullMarked
package io.swarmscope.internal.store;

import org.jspecify.annotations.NullMarked;
