/**
 * What travels of a package: its head, signed. Encodes, decodes and checks it, and remembers which key a namespace belongs to.
 */
@NullMarked
package io.swarmscope.internal.record;

import org.jspecify.annotations.NullMarked;
