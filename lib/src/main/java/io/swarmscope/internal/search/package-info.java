/** Asks other nodes about packages and answers them: the search protocol, the fan-out of a search, and how one package is found. */
@NullMarked
package io.swarmscope.internal.search;

import org.jspecify.annotations.NullMarked;
