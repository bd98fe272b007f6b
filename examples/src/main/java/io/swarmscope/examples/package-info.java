/** Command line programs that see only what the library exports: a node, searches, and a demo of several nodes. */
@NullMarked
package io.swarmscope.examples;

import org.jspecify.annotations.NullMarked;
