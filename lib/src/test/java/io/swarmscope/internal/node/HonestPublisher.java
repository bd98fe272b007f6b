package io.swarmscope.internal.node;

import io.swarmscope.PackageId;
import io.swarmscope.PackageManifest;
import io.swarmscope.internal.crypto.Identity;
import io.swarmscope.internal.record.Head;
import io.swarmscope.internal.record.Heads;
import io.swarmscope.internal.record.RecordKey;
import io.swarmscope.internal.record.Signed;
import io.swarmscope.internal.record.Tombstone;
import io.swarmscope.internal.record.VersionRecord;
import io.swarmscope.internal.record.Versions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/** Publishes, changes and withdraws packages at random, as {@link Publisher} would: seeded, and without a network. */
final class HonestPublisher {

    private final Random random;
    private final Signer signer;
    private final Identity identity;
    private final Map<PackageId, Signed<?>> states = new TreeMap<>();
    private final Map<PackageId, Map<String, Signed<VersionRecord>>> versions = new HashMap<>();
    private final List<Signed<?>> signed = new ArrayList<>();
    private int number;

    HonestPublisher(Random random, Duration lifetime, InstantSource clock) {
        this.random = random;
        this.identity = identity(random);
        this.signer = new Signer(identity, Heads.NETWORK, lifetime, clock);
    }

    static Identity identity(Random random) {
        return Identity.generate(new SecureRandom() {
            @Override
            public void nextBytes(byte[] bytes) {
                random.nextBytes(bytes);
            }
        });
    }

    Identity identity() {
        return identity;
    }

    /** All it ever signed, in order. */
    List<Signed<?>> signed() {
        return signed;
    }

    /** What stands for each package by the end. */
    Map<PackageId, Signed<?>> states() {
        return states;
    }

    /** The versions of a package that stand. */
    Map<String, Signed<VersionRecord>> versions(PackageId id) {
        return versions.getOrDefault(id, Map.of());
    }

    /** Changes a package in one of the ways there are, and tells what was signed. */
    List<Signed<?>> change(PackageId id) {
        Signed<?> state = states.get(id);
        Optional<Signed<Head>> head = Optional.ofNullable(state).flatMap(s -> s.as(Head.class));
        Publication publication = head.isEmpty() ? publishNew(id) : switch (random.nextInt(10)) {
            case 0, 1, 2, 3 -> publishNew(id);
            case 4 -> publishAgain(head.get());
            case 5, 6 -> withdrawVersion(head.get());
            case 7, 8 -> renew(head.get());
            default -> withdraw(head.get());
        };
        states.put(id, publication.state());
        List<Signed<?>> news = new ArrayList<>(publication.others());
        news.add(publication.state());
        news.forEach(this::note);
        signed.addAll(news);
        return news;
    }

    private void note(Signed<?> record) {
        Map<String, Signed<VersionRecord>> standing = versions.computeIfAbsent(record.id(), id -> new TreeMap<>());
        record.as(VersionRecord.class).ifPresent(version -> standing.put(version.record().version(), version));
        record.as(Tombstone.class).ifPresent(t -> t.record().version().ifPresentOrElse(standing::remove, standing::clear));
    }

    private Publication publishNew(PackageId id) {
        String version = random.nextInt(3) + "." + number++ + ".0";
        return signer.publish(Heads.manifest(id.toString(), version), states.get(id), null);
    }

    private Publication publishAgain(Signed<Head> head) {
        String version = head.record().version();
        return signer.publish(head.record().manifest(), head, versions.get(head.id()).get(version));
    }

    private Publication renew(Signed<Head> head) {
        return signer.renew(head, versions.get(head.id()).values());
    }

    private Publication withdrawVersion(Signed<Head> head) {
        List<String> left = new ArrayList<>(head.record().versions());
        String version = left.remove(random.nextInt(left.size()));
        if (left.isEmpty()) {
            return withdraw(head);
        }
        PackageManifest latest = versions.get(head.id()).get(Versions.newestFirst(left).getFirst()).record().manifest();
        return signer.withdraw(head, version, latest);
    }

    private Publication withdraw(Signed<Head> head) {
        return signer.withdraw(head, List.copyOf(versions.get(head.id()).values()));
    }

    /** All keys under which anything of it stood. */
    List<RecordKey> keys() {
        return signed.stream().map(record -> RecordKey.of(record.record())).distinct().toList();
    }
}
