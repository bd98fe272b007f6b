/** A package registry without a server: publish, search and fetch over libp2p. */
@SuppressWarnings("requires-automatic") // protobuf, multibase, bucket4j and semver4j have no module descriptor
module io.swarmscope {
    requires com.github.benmanes.caffeine;
    requires com.google.protobuf;
    requires copper.multibase;
    requires io.github.bucket4j.core;
    requires java.sql;
    requires org.bouncycastle.provider;
    requires org.semver4j;
    requires org.slf4j;
    requires org.xerial.sqlitejdbc;
    requires tools.jackson.databind;
    requires static transitive org.jspecify;

    exports io.swarmscope;
    exports io.swarmscope.host;
}
