package io.swarmscope.internal.gossip;

import java.util.List;

/** What a peer's end of a stream understands; the later one more. */
public enum Version {
    /** Knows no mesh: gets every message, and sends every message. */
    FLOODSUB("/floodsub/1.0.0"),
    /** The mesh. */
    V1_0("/meshsub/1.0.0"),
    /** Rests and scores. */
    V1_1("/meshsub/1.1.0"),
    /** IDONTWANT. */
    V1_2("/meshsub/1.2.0");

    private final String protocol;

    Version(String protocol) {
        this.protocol = protocol;
    }

    /** The ids of the protocols, the newest first, as they are offered. */
    public static List<String> protocols() {
        return List.of(V1_2.protocol, V1_1.protocol, V1_0.protocol, FLOODSUB.protocol);
    }

    /** The one with this id. */
    public static Version of(String protocol) {
        for (Version version : values()) {
            if (version.protocol.equals(protocol)) {
                return version;
            }
        }
        throw new IllegalArgumentException(protocol + " is no protocol of gossip");
    }

    boolean hasMesh() {
        return this != FLOODSUB;
    }
}
