/** Swarmscope's public types: the registry, its configuration and failures, and the names of peers and their addresses. */
@NullMarked
package io.swarmscope;

import org.jspecify.annotations.NullMarked;
