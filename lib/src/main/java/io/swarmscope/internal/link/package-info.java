/**
 * The built-in host: dials and accepts TCP connections, secures and multiplexes them, and runs streams over them.
 * Blocking code on virtual threads, top to bottom; the packages beneath hold one protocol each.
 */
@NullMarked
package io.swarmscope.internal.link;

import org.jspecify.annotations.NullMarked;
