package io.swarmscope.internal.node;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.swarmscope.PackageId;
import io.swarmscope.PackageManifest;
import io.swarmscope.PeerId;
import io.swarmscope.internal.crypto.Identity;
import io.swarmscope.internal.record.Evidence;
import io.swarmscope.internal.record.Head;
import io.swarmscope.internal.record.Heads;
import io.swarmscope.internal.record.PackageRecord;
import io.swarmscope.internal.record.RecordCodec;
import io.swarmscope.internal.record.RecordKey;
import io.swarmscope.internal.record.Signed;
import io.swarmscope.internal.record.Tombstone;
import io.swarmscope.internal.record.VersionRecord;
import io.swarmscope.internal.wire.Limits;
import io.swarmscope.internal.wire.ProtoWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Makes up attacks on an honest world: each one what a liar may send, seeded. */
final class Attacks {

    /**
     * Something that is sent to the node.
     *
     * @param what kind of attack
     * @param target the package it is about
     * @param key under which it is stored in the DHT
     * @param bytes a record, or evidence
     * @param author who gossips it first
     * @param genuine whether the bytes are what whoever signs there signed, be it the attacker
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Attempt(String what, PackageId target, byte[] key, byte[] bytes, PeerId author, boolean genuine, boolean evidence) {}

    private interface Attack {
        Attempt make(Signed<?> victim);
    }

    private static final List<byte[]> LOW_ORDER = List.of(
            hex("0000000000000000000000000000000000000000000000000000000000000000"),
            hex("0100000000000000000000000000000000000000000000000000000000000000"),
            hex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
            hex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
            hex("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
            hex("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
            hex("eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"));

    private static final int OWN_NAMES = 12;

    private final HonestWorld world;
    private final Random random;
    private final Identity eve;
    private final List<Attack> attacks;
    private final List<OtherKeys> otherKeys = List.of(OtherKeys.rsa(), OtherKeys.p256(), OtherKeys.secp256k1());
    private final List<Signed<?>> uselessButSigned = new ArrayList<>();
    private final List<Signed<?>> ofOtherKeys = new ArrayList<>();

    Attacks(HonestWorld world, Random random) {
        this.world = world;
        this.random = random;
        this.eve = HonestPublisher.identity(random);
        this.attacks = List.of(
                this::flippedBits, this::flippedBits, this::flippedBits,
                this::truncated, this::truncated,
                this::spliced, this::spliced, this::spliced,
                this::ofAnotherType, this::ofAnotherTypeSignedAnew,
                this::signedByAnother, this::signedByAnother, this::changedAndSignedByAnother,
                this::replayed, this::replayed, this::replayed, this::replayed,
                this::signedButUseless, this::signedButUseless, this::signedButUseless,
                this::tooLarge,
                this::jsonTrick, this::jsonTrick,
                this::encodedOtherwise, this::encodedOtherwise, this::encodedOtherwise, this::encodedOtherwise,
                this::keyEncodedOtherwise,
                this::underAnotherKey, this::underAnotherKey,
                this::otherFormOfTheSignature, this::otherFormOfTheSignature, this::otherSignatureOfP256,
                this::keyOfLowOrder,
                this::keyOfAnotherKind,
                this::highestSequence,
                this::forAnotherPurpose,
                this::falseEvidence, this::falseEvidence,
                this::refuted,
                this::rubbish);
        for (int i = 0; i < 300; i++) {
            uselessButSigned.add(useless(pick(world.signed)));
        }
        for (int i = 0; i < 60; i++) {
            ofOtherKeys.add(ofAnotherKey(pick(world.signed)));
        }
    }

    Attempt next() {
        return pick(attacks).make(pick(world.signed));
    }

    // What needs no signature of anybody

    private Attempt flippedBits(Signed<?> victim) {
        byte[] bytes = victim.encoded().clone();
        for (int n = random.nextInt(3); n >= 0; n--) {
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return forged("flipped bits", victim, bytes);
    }

    private Attempt truncated(Signed<?> victim) {
        byte[] bytes = victim.encoded();
        int from = random.nextInt(4) == 0 ? random.nextInt(bytes.length) : 0;
        return forged("truncated", victim, Arrays.copyOfRange(bytes, from, from + random.nextInt(bytes.length - from)));
    }

    private Attempt spliced(Signed<?> victim) {
        Forgery[] parts = {Forgery.of(victim), Forgery.of(pick(world.signed)), Forgery.of(RecordCodec.seal(eve, own(victim)))};
        Forgery made = new Forgery(
                pick(parts).key(), pick(parts).type(), pick(parts).payload(), pick(parts).signature());
        byte[] bytes = made.encode();
        return attempt("spliced", victim, bytes, world.isGenuine(bytes) || Arrays.equals(bytes, parts[2].encode()));
    }

    private Attempt ofAnotherType(Signed<?> victim) {
        byte[] bytes = Forgery.of(victim).withType(pick("head", "version", "tombstone", "head/1/x", "")).encode();
        return forged("of another type", victim, bytes);
    }

    private Attempt replayed(Signed<?> victim) {
        return attempt("replayed", victim, victim.encoded(), true);
    }

    private Attempt encodedOtherwise(Signed<?> victim) {
        Forgery f = Forgery.of(victim);
        byte[] key = field(1, f.key());
        byte[] type = field(2, f.type());
        byte[] payload = field(3, f.payload());
        byte[] signature = field(5, f.signature());
        byte[] bytes = switch (random.nextInt(9)) {
            case 0 -> Forgery.concat(type, key, payload, signature);
            case 1 -> Forgery.concat(signature, payload, type, key);
            case 2 -> Forgery.concat(key, type, payload, signature, new ProtoWriter().varint(4 + random.nextInt(20) * 3, random.nextInt()).toBytes());
            case 3 -> Forgery.concat(field(15, new byte[random.nextInt(6_000)]), victim.encoded());
            case 4 -> Forgery.concat(field(3, pick(world.signed).encoded()), victim.encoded());
            case 5 -> Forgery.concat(victim.encoded(), pick(key, type, payload, signature));
            case 6 -> Forgery.concat(victim.encoded(), victim.encoded());
            case 7 -> Forgery.concat(Forgery.overlong(1, f.key()), type, payload, signature);
            default -> Forgery.concat(key, type, Forgery.overlong(3, f.payload()), signature);
        };
        return forged("encoded otherwise", victim, bytes);
    }

    private Attempt keyEncodedOtherwise(Signed<?> victim) {
        Forgery f = Forgery.of(victim);
        byte[] type = Arrays.copyOf(f.key(), 2);
        byte[] data = Arrays.copyOfRange(f.key(), 2, f.key().length);
        byte[] key = switch (random.nextInt(4)) {
            case 0 -> Forgery.concat(data, type);
            case 1 -> Forgery.concat(f.key(), new ProtoWriter().varint(3, random.nextInt(100)).toBytes());
            case 2 -> Forgery.concat(type, f.key());
            default -> Forgery.concat(new byte[] {type[0], (byte) (type[1] | 0x80), 0}, data);
        };
        return forged("the key encoded otherwise", victim, f.withKey(key).encode());
    }

    private Attempt underAnotherKey(Signed<?> victim) {
        PackageId other = pick(world.ids);
        String key = switch (random.nextInt(5)) {
            case 0 -> "/pkg/" + other;
            case 1 -> "/ver/" + other + "/1.0.0";
            case 2 -> "/ver/" + victim.id() + "/9.9.9";
            case 3 -> "/pkg/" + victim.id() + "/";
            default -> "/pk/" + victim.id();
        };
        return new Attempt("under another key", other, key.getBytes(UTF_8), victim.encoded(), victim.publisher(), true, false);
    }

    /** Whoever signs with such a key cannot prevent it; it must change nothing. */
    private Attempt otherSignatureOfP256(Signed<?> any) {
        Signed<?> victim = world.signed.getLast();
        Forgery f = Forgery.of(victim);
        return attempt("the other ECDSA signature", victim, f.withSignature(OtherKeys.otherOfP256(f.signature())).encode(), true);
    }

    private Attempt otherFormOfTheSignature(Signed<?> victim) {
        Forgery f = Forgery.of(victim);
        byte[] signature = f.signature();
        return forged("another form of the signature", victim, switch (random.nextInt(4)) {
            case 0 -> f.withLargerS().encode();
            case 1 -> f.withSignature(Arrays.copyOf(signature, 65)).encode();
            case 2 -> f.withSignature(new byte[64]).encode();
            default -> {
                byte[] highBit = signature.clone();
                highBit[pick(31, 63)] ^= (byte) (1 << 5 + random.nextInt(3));
                yield f.withSignature(highBit).encode();
            }
        });
    }

    private Attempt keyOfLowOrder(Signed<?> victim) {
        byte[] point = pick(LOW_ORDER).clone();
        point[31] |= (byte) (random.nextBoolean() ? 0x80 : 0);
        byte[] key = new ProtoWriter().varint(1, 1).bytes(2, point).toBytes();
        // In a namespace that is nobody's: there nothing but the key is wrong.
        PackageRecord record = Heads.head(Heads.manifest("nobody" + random.nextInt(100) + "/thing", "1"), 1, HonestWorld.NOW);
        Forgery f = Forgery.of(RecordCodec.seal(eve, record)).withKey(key).withSignature(Forgery.ofNobody(random));
        return new Attempt("a key of low order", record.id(), RecordKey.of(record).toBytes(), f.encode(), eve.peerId(), false, false);
    }

    private Attempt rubbish(Signed<?> victim) {
        byte[] bytes = new byte[random.nextInt(400)];
        random.nextBytes(bytes);
        return forged("rubbish", victim, bytes);
    }

    // What the publisher signed, but for another time, network or purpose

    private Signed<?> useless(Signed<?> victim) {
        if (victim.id().equals(HonestWorld.CURVED)) {
            return victim;
        }
        PackageRecord record = newer(victim, random.nextInt(50) == 0 ? Heads.NETWORK + "2" : Heads.NETWORK);
        Instant now = HonestWorld.NOW;
        return world.alsoSigned(random, switch (random.nextInt(5)) {
            case 0 -> newer(victim, pick("test-ne", "test-net ", "TEST-NET", "", "test-net\0", "swarmscope"));
            case 1 -> record.withTimes(now.minus(Duration.ofHours(50)), now.minus(Duration.ofMinutes(11 + random.nextInt(600))));
            case 2 -> record.withTimes(now.plus(Duration.ofMinutes(11 + random.nextInt(600))), now.plus(Duration.ofHours(30)));
            case 3 -> record.withTimes(now, now.plus(Duration.ofDays(30)).plusMillis(1 + random.nextInt()  >>> 1));
            default -> record.withTimes(Instant.ofEpochMilli(Long.MIN_VALUE), pick(now, Instant.ofEpochMilli(Long.MAX_VALUE)));
        });
    }

    private PackageRecord newer(Signed<?> victim, String network) {
        long sequence = victim.sequence() + random.nextInt(1_000_000);
        Instant from = HonestWorld.NOW;
        Instant until = from.plus(Duration.ofHours(25));
        return switch ((PackageRecord) victim.record()) {
            case Head head -> new Head(network, head.manifest(), head.versions(), sequence, from, until);
            case VersionRecord version -> new VersionRecord(network, version.manifest(), sequence, from, until);
            case Tombstone tombstone -> new Tombstone(network, tombstone.id(), tombstone.version(), sequence, from, until);
        };
    }

    /** The publisher signed it, so that nothing but the network and the times are wrong. */
    private Attempt signedButUseless(Signed<?> any) {
        Signed<?> useless = pick(uselessButSigned);
        return attempt("signed for another time or network", useless, useless.encoded(), true);
    }

    // What the attacker signs

    private Attempt signedByAnother(Signed<?> victim) {
        return byEve("signed by another key", victim, Forgery.of(victim).signedBy(eve));
    }

    private Attempt changedAndSignedByAnother(Signed<?> victim) {
        byte[] bytes = RecordCodec.seal(eve, newer(victim, Heads.NETWORK)).encoded();
        // With the name of the publisher on it, or with his signature.
        return switch (random.nextInt(3)) {
            case 0 -> forged("signed by another key, with the victim's name", victim, Forgery.of(HonestWorld.read(bytes)).withKey(Forgery.of(victim).key()).encode());
            case 1 -> forged("with the victim's signature", victim, Forgery.of(HonestWorld.read(bytes)).withSignature(Forgery.of(victim).signature()).encode());
            default -> byEve("newer, by another key", victim, bytes);
        };
    }

    private Attempt ofAnotherTypeSignedAnew(Signed<?> victim) {
        return byEve("of another type, by another key", victim, Forgery.of(victim).withType(pick("head", "version", "tombstone")).signedBy(eve));
    }

    private Attempt forAnotherPurpose(Signed<?> victim) {
        byte[] bytes = Forgery.of(RecordCodec.seal(eve, own(victim))).signedBy(eve, pick("libp2p-peer-record", "", "swarmscope-records", "swarmscope"));
        return forged("for another purpose", victim, bytes);
    }

    private Attempt highestSequence(Signed<?> victim) {
        PackageManifest manifest = Heads.manifest((random.nextBoolean() ? victim.id() : ownName()).toString(), "1.0.0");
        long sequence = random.nextBoolean() ? Long.MAX_VALUE : Long.MAX_VALUE - random.nextInt(3);
        PackageRecord record = random.nextInt(3) == 0
                ? Heads.tombstone(manifest.id().toString(), sequence, HonestWorld.NOW)
                : Heads.head(manifest, sequence, HonestWorld.NOW);
        return byEve("the highest sequence number", record.id(), RecordCodec.seal(eve, record).encoded());
    }

    private Attempt keyOfAnotherKind(Signed<?> any) {
        Signed<?> record = pick(ofOtherKeys);
        return byEve("a key of another kind", record, record.encoded());
    }

    /** In a namespace of its own, where that is as good as any, or in the victim's. */
    private Signed<?> ofAnotherKey(Signed<?> victim) {
        int which = random.nextInt(otherKeys.size());
        PackageRecord record = random.nextBoolean()
                ? Heads.head(Heads.manifest("other" + which + "/thing", "1"), 1 + random.nextInt(100), HonestWorld.NOW)
                : newer(victim, Heads.NETWORK);
        return HonestWorld.read(otherKeys.get(which).sign(Forgery.of(RecordCodec.seal(eve, record))));
    }

    private Attempt tooLarge(Signed<?> victim) {
        Forgery f = Forgery.of(RecordCodec.seal(eve, own(victim)));
        int more = Limits.RECORD_BYTES - f.encode().length + random.nextInt(random.nextBoolean() ? 20 : 3_000);
        byte[] bytes = switch (random.nextInt(3)) {
            case 0 -> Forgery.concat(victim.encoded(), field(9, new byte[more]));
            case 1 -> f.withJson(f.json() + " ".repeat(more)).signedBy(eve);
            default -> f.withJson(f.json().replaceFirst("\\{", "{\"x\":\"" + "y".repeat(more) + "\",")).signedBy(eve);
        };
        return bytes.length > Limits.RECORD_BYTES ? forged("too large", victim, bytes) : byEve("large", victim, bytes);
    }

    /** JSON in which one reader might find the attacker's package and another one the victim's. All of it is signed by the attacker. */
    private Attempt jsonTrick(Signed<?> victim) {
        Forgery f = Forgery.of(RecordCodec.seal(eve, own(victim)));
        String json = f.json();
        String id = "\"id\":\"" + victim.id() + "\"";
        String tricky = switch (random.nextInt(14)) {
            case 0 -> json.replaceFirst("\\{", "{" + id + ",");
            case 1 -> json.replaceFirst("}$", "," + id + "}");
            case 2 -> json.replaceFirst("\"id\":\"[^\"]*\"", "\"\\\\u0069d\":\"" + victim.id() + "\"");
            case 3 -> json.replaceFirst("\"id\":\"[^\"]*\"", "\"id\":\"" + victim.id().toString().replace("s", "\\\\u0073") + "\"");
            case 4 -> json.replaceFirst("\"id\":\"[^\"]*\"", "\"id\":\"" + victim.id() + pick("\\\\u0000", " ", "\\\\n", "/", "@1") + "\"");
            case 5 -> json.replaceFirst("\\{", "{\"deep\":" + "[".repeat(400) + "]".repeat(400) + ",");
            case 6 -> json.replaceFirst("\"sequence\":\\d+", "\"sequence\":" + pick("1e9", "9".repeat(19), "9".repeat(3_000), "-1", "1.0", "0", "\"5\""));
            case 7 -> json.replaceFirst("\"network\":\"[^\"]*\"", "\"network\":\"" + pick("other", "test-net\\\\u0000", "") + "\"");
            case 8 -> json + pick("{}", ",", "}", "\0", json);
            case 9 -> json.replaceFirst("\\{", "{\"title\":\"\\\\ud800\",");
            case 10 -> json.replaceFirst("\\{", "{\"x\":[" + "0,".repeat(1_500) + "0],");
            case 11 -> json.replaceFirst("\"expires\":\\d+", "\"expires\":" + pick("9223372036854775807", "1", "null"));
            case 12 -> pick("", "null", "[]", "{", "{}", "/**/" + json, "'" + json);
            default -> " \n\t" + json.replace(",", " ,\n") + "\n";
        };
        Charset charset = random.nextInt(20) == 0 ? pick(StandardCharsets.UTF_16BE, StandardCharsets.UTF_16, StandardCharsets.ISO_8859_1) : UTF_8;
        byte[] bytes = new Forgery(f.key(), f.type(), tricky.getBytes(charset), f.signature()).signedBy(eve);
        return byEve("a trick in the JSON", random.nextBoolean() ? victim.id() : own(victim).id(), bytes);
    }

    // Evidence

    private Attempt falseEvidence(Signed<?> victim) {
        Signed<?> copy = HonestWorld.read(Forgery.of(victim).signedBy(eve));
        Signed<?> newer = RecordCodec.seal(eve, newer(victim, Heads.NETWORK));
        Signed<?> honest = pick(world.signed);
        Evidence pair = switch (random.nextInt(7)) {
            case 0 -> contradiction(victim.id(), victim.sequence(), copy); // she contradicts herself in his namespace, and says what he says
            case 1 -> contradiction(victim.id(), Long.MAX_VALUE, newer);
            case 2 -> new Evidence(Evidence.Kind.SEQUENCE, newer, victim);
            case 3 -> new Evidence(Evidence.Kind.VERSION, honest, victim);
            case 4 -> new Evidence(Evidence.Kind.SEQUENCE, victim, victim);
            case 5 -> contradiction(new PackageId("eve", "contradiction" + random.nextInt(500)), 1 + random.nextInt(100), copy);
            default -> new Evidence(Evidence.Kind.SEQUENCE, pick(uselessButSigned), victim);
        };
        byte[] bytes = pair.encode();
        if (random.nextInt(5) == 0) {
            bytes[random.nextInt(bytes.length)] ^= 1;
        }
        return new Attempt("false evidence", victim.id(), RecordKey.of(victim.id()).toBytes(), bytes, eve.peerId(), true, true);
    }

    private Attempt refuted(Signed<?> any) {
        return attempt("refuted", world.contradiction.refuted(), world.contradiction.refuted().encoded(), true);
    }

    /** Two states of a package with one sequence number, one of them what the other record says if that is a head. */
    private Evidence contradiction(PackageId id, long sequence, Signed<?> like) {
        // It may be true, but not to be kept.
        Duration lifetime = Duration.ofDays(random.nextBoolean() ? 1 : 31);
        Signed<?> one = state(id, "6.6.6", sequence, lifetime);
        Signed<?> other = like.record() instanceof Head && like.id().equals(id) && like.sequence() == sequence
                ? like
                : state(id, "6.6.7", sequence, lifetime);
        return random.nextBoolean()
                ? new Evidence(Evidence.Kind.SEQUENCE, one, other)
                : new Evidence(Evidence.Kind.SEQUENCE, other, one);
    }

    private Signed<?> state(PackageId id, String version, long sequence, Duration lifetime) {
        Head head = Heads.head(Heads.manifest(id.toString(), version), sequence, HonestWorld.NOW);
        return RecordCodec.seal(eve, head.withTimes(HonestWorld.NOW, HonestWorld.NOW.plus(lifetime)));
    }

    // Tools

    /** The same kind of record about a package of the attacker's. */
    private PackageRecord own(Signed<?> victim) {
        String name = ownName().toString();
        long sequence = 1 + random.nextInt(1_000_000);
        return switch ((PackageRecord) victim.record()) {
            case Head head -> Heads.head(Heads.manifest(name, head.version()), sequence, HonestWorld.NOW);
            case VersionRecord version -> Heads.version(Heads.manifest(name, version.version()), sequence, HonestWorld.NOW);
            case Tombstone tombstone -> new Tombstone(Heads.NETWORK, PackageId.parse(name), Optional.of("0." + random.nextInt(9)),
                    sequence, HonestWorld.NOW, HonestWorld.NOW.plusSeconds(3600));
        };
    }

    private PackageId ownName() {
        return new PackageId("eve", "thing" + random.nextInt(OWN_NAMES));
    }

    private Attempt forged(String what, Signed<?> victim, byte[] bytes) {
        return attempt(what, victim, bytes, world.isGenuine(bytes));
    }

    private Attempt byEve(String what, Signed<?> victim, byte[] bytes) {
        return new Attempt(what, victim.id(), RecordKey.of(victim.record()).toBytes(), bytes, eve.peerId(), true, false);
    }

    private Attempt byEve(String what, PackageId id, byte[] bytes) {
        return new Attempt(what, id, RecordKey.of(id).toBytes(), bytes, eve.peerId(), true, false);
    }

    private Attempt attempt(String what, Signed<?> victim, byte[] bytes, boolean genuine) {
        PeerId author = random.nextBoolean() ? victim.publisher() : eve.peerId();
        return new Attempt(what, victim.id(), RecordKey.of(victim.record()).toBytes(), bytes, author, genuine, false);
    }

    private static byte[] field(int number, byte[] value) {
        return new ProtoWriter().bytes(number, value).toBytes();
    }

    @SafeVarargs
    private <T> T pick(T... some) {
        return some[random.nextInt(some.length)];
    }

    private <T> T pick(List<T> some) {
        return some.get(random.nextInt(some.size()));
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }
}
