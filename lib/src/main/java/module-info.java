/** A package registry without a server: publish, search and fetch over libp2p. */
// protobuf, multibase, bucket4j, semver4j and OpenTelemetry have no module descriptor
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"})
module io.swarmscope {
    requires com.github.benmanes.caffeine;
    requires com.google.protobuf;
    requires copper.multibase;
    requires io.github.bucket4j.core;
    requires io.opentelemetry.context;
    requires java.sql;
    requires jdk.jfr;
    requires org.bouncycastle.provider;
    requires org.semver4j;
    requires org.slf4j;
    requires org.xerial.sqlitejdbc;
    requires tools.jackson.databind;
    requires transitive io.opentelemetry.api;
    requires static transitive org.jspecify;

    exports io.swarmscope;
    exports io.swarmscope.host;
}
