package io.swarmscope;

/**
 * How gossiped messages are named: by the default of one of the libp2p implementations. Messages travel between nodes that differ in this, but nothing
 * that names a message works between them, which costs traffic and repair.
 */
public enum MessageIdScheme {
    /** Author and sequence number, as go-libp2p and jvm-libp2p do. */
    GO,
    /** Author's text and sequence number in decimal, as rust-libp2p does. */
    RUST,
    /** Author's public key and sequence number, as js-libp2p does. */
    JS
}
