/** Identify and identify/push: what two connected peers tell each other about themselves. */
@NullMarked
package io.swarmscope.internal.link.identify;

import org.jspecify.annotations.NullMarked;
