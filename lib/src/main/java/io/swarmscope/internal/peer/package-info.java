/** What this node knows of peers from its own experience: their addresses and how well they served. */
@NullMarked
package io.swarmscope.internal.peer;

import org.jspecify.annotations.NullMarked;
