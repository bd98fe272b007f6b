package io.swarmscope;

import java.util.Optional;

/**
 * What became of looking for a package. If it could not be found out, there is no result but {@link RegistryException.CouldNotFindOut}.
 *
 * @param found the package; empty if those who would know it answered and it does not exist, or it was withdrawn
 * @param confirmations how many peers gave a valid record of it in this call; 0 for what this node held or had found shortly before
 * @param report who was asked and what each did. It is {@linkplain SearchReport#complete complete} unless fewer peers confirmed the package than
 *     the quorum asked for
 */
public record FindResult(Optional<PublishedPackage> found, int confirmations, SearchReport report) {}
