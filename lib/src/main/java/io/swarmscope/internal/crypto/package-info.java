/** Keys, signatures, signed envelopes and the cipher of a link; every primitive comes from the JDK or Bouncy Castle. */
@NullMarked
package io.swarmscope.internal.crypto;

import org.jspecify.annotations.NullMarked;
