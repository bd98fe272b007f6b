package io.swarmscope;

import io.swarmscope.internal.wire.Limits;
import io.swarmscope.internal.wire.MalformedException;
import io.swarmscope.internal.wire.Varint;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Where and how a peer can be reached, such as {@code /ip4/192.0.2.1/tcp/4001/p2p/12D3KooW…}. Immutable, for any thread.
 *
 * <p>Equal means equal in bytes; texts that mean the same address, such as {@code /ipfs/} for {@code /p2p/}, are equal.
 *
 * @see <a href="https://github.com/multiformats/multiaddr">multiaddr specification</a>
 */
public final class Multiaddr {
    private final byte[] bytes;
    private final List<Component> components;
    private final int hash;

    /**
     * One part of an address.
     *
     * @param name the protocol, such as {@code tcp}
     * @param code its number on the wire
     * @param value the text of its value, empty if it has none
     */
    public record Component(String name, int code, String value) {}

    private Multiaddr(byte[] bytes, List<Component> components) {
        this.bytes = bytes;
        this.components = List.copyOf(components);
        this.hash = Arrays.hashCode(bytes);
    }

    /**
     * Reads the text form.
     *
     * @throws IllegalArgumentException if it is not a multiaddr of known protocols, or longer than 1024 bytes; the
     *     message says what is wrong and what is expected
     */
    public static Multiaddr parse(String text) {
        // Every byte of the binary form takes at most 4 characters (a number of ip4); names add more, but not 8 times.
        if (text.length() > 8 * Limits.MULTIADDR_BYTES) {
            throw new IllegalArgumentException("address of " + text.length() + " characters is too long");
        }
        try {
            return ofBytes(encode(text));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'" + text + "' is not a multiaddr: " + e.getMessage(), e);
        }
    }

    /**
     * Reads the binary form.
     *
     * @param bytes at most 1024; copied
     * @throws IllegalArgumentException if they are not a multiaddr of known protocols; the message says what is wrong
     */
    public static Multiaddr ofBytes(byte[] bytes) {
        if (bytes.length == 0 || bytes.length > Limits.MULTIADDR_BYTES) {
            throw new IllegalArgumentException(
                    "an address has 1 to " + Limits.MULTIADDR_BYTES + " bytes, found " + bytes.length);
        }
        ByteBuffer in = ByteBuffer.wrap(bytes.clone());
        List<Component> components = new ArrayList<>();
        try {
            while (in.hasRemaining()) {
                components.add(component(in));
            }
        } catch (MalformedException e) {
            throw new IllegalArgumentException("address is cut short or has a bad number: " + e.getMessage(), e);
        }
        return new Multiaddr(in.array(), components);
    }

    /** The address of a TCP endpoint. The zone of a link-local address is left out.
     *
     * @throws IllegalArgumentException if the endpoint's host name was not resolved
     */
    public static Multiaddr tcp(InetSocketAddress endpoint) {
        InetAddress address = endpoint.getAddress();
        if (address == null) {
            throw new IllegalArgumentException("expected an endpoint with an IP address, found " + endpoint);
        }
        byte[] ip = address.getAddress();
        AddressProtocol family = ip.length == AddressValue.IP4.size() ? AddressProtocol.IP4 : AddressProtocol.IP6;
        ByteBuffer out = ByteBuffer.allocate(1 + ip.length + 1 + AddressValue.PORT.size());
        out.put((byte) family.code()).put(ip).put((byte) AddressProtocol.TCP.code());
        return ofBytes(out.putShort((short) endpoint.getPort()).array());
    }

    private static Component component(ByteBuffer in) throws MalformedException {
        long code = Varint.read(in);
        AddressProtocol protocol = AddressProtocol.ofCode(code);
        if (protocol == null) {
            throw new IllegalArgumentException("protocol " + code + " is unknown");
        }
        AddressValue form = protocol.value();
        long length = form.size() == AddressValue.ANY_SIZE ? Varint.read(in) : form.size();
        if (length > in.remaining()) {
            throw new IllegalArgumentException(
                    protocol.text() + " needs " + length + " bytes, but " + in.remaining() + " are left");
        }
        byte[] value = new byte[(int) length];
        in.get(value);
        if (form == AddressValue.PATH && in.hasRemaining()) {
            throw new IllegalArgumentException("nothing can follow " + protocol.text());
        }
        return new Component(protocol.text(), protocol.code(), form.decode(value));
    }

    private static byte[] encode(String text) {
        if (text.length() < 2 || text.charAt(0) != '/') {
            throw new IllegalArgumentException("expected a slash and a protocol, as in /ip4/192.0.2.1/tcp/4001");
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Words words = new Words(text);
        while (words.more()) {
            String name = words.next();
            AddressProtocol protocol = AddressProtocol.ofName(name);
            if (protocol == null) {
                throw new IllegalArgumentException("'" + name + "' is not a known protocol");
            }
            AddressValue form = protocol.value();
            if (form != AddressValue.NONE && !words.more()) {
                throw new IllegalArgumentException("expected a value after /" + name);
            }
            String value = form == AddressValue.NONE ? "" : form == AddressValue.PATH ? words.rest() : words.next();
            byte[] encoded = form.encode(value);
            out.writeBytes(Varint.of(protocol.code()));
            if (form.size() == AddressValue.ANY_SIZE) {
                out.writeBytes(Varint.of(encoded.length));
            }
            out.writeBytes(encoded);
        }
        return out.toByteArray();
    }

    /** The text between slashes, one after the other; a slash at the end is allowed. */
    private static final class Words {
        private final String text;
        private int at = 1;

        Words(String text) {
            this.text = text;
        }

        boolean more() {
            return at < text.length();
        }

        String next() {
            int slash = text.indexOf('/', at);
            int end = slash < 0 ? text.length() : slash;
            String word = text.substring(at, end);
            at = end + 1;
            return word;
        }

        String rest() {
            String rest = text.substring(at);
            at = text.length();
            return rest;
        }
    }

    /** The binary form; a copy. */
    public byte[] toBytes() {
        return bytes.clone();
    }

    /** The parts, at least one. */
    public List<Component> components() {
        return components;
    }

    /** The peer the address ends with, that is, the one reached by it; empty if it does not say. */
    public Optional<PeerId> peerId() {
        Component last = components.getLast();
        return isPeer(last) ? Optional.of(PeerId.parse(last.value())) : Optional.empty();
    }

    /** This address with that peer at its end, instead of the one there now if any. */
    public Multiaddr withPeerId(PeerId peer) {
        byte[] id = peer.toBytes();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(Arrays.copyOf(bytes, lengthWithoutPeer()));
        out.writeBytes(Varint.of(AddressProtocol.P2P.code()));
        out.writeBytes(Varint.of(id.length));
        out.writeBytes(id);
        return ofBytes(out.toByteArray());
    }

    /**
     * This address without a peer at its end.
     *
     * @throws IllegalStateException if it has nothing but the peer
     */
    public Multiaddr withoutPeerId() {
        int length = lengthWithoutPeer();
        if (length == 0) {
            throw new IllegalStateException(this + " is nothing but a peer");
        }
        return length == bytes.length
                ? this
                : new Multiaddr(Arrays.copyOf(bytes, length), components.subList(0, components.size() - 1));
    }

    private int lengthWithoutPeer() {
        Optional<PeerId> peer = peerId();
        if (peer.isEmpty()) {
            return bytes.length;
        }
        int id = peer.get().toBytes().length;
        return bytes.length - Varint.size(AddressProtocol.P2P.code()) - Varint.size(id) - id;
    }

    /** The IP address or host name, if the address starts with one. */
    public Optional<String> host() {
        Component first = components.getFirst();
        return isIp(first) || isName(first) ? Optional.of(first.value()) : Optional.empty();
    }

    /** The TCP port, if the address starts with an IP address or host name and a TCP port. */
    public OptionalInt tcpPort() {
        return startsWithTcp()
                ? OptionalInt.of(Integer.parseInt(components.get(1).value()))
                : OptionalInt.empty();
    }

    private boolean startsWithTcp() {
        Component first = components.getFirst();
        return (isIp(first) || isName(first)) && components.size() > 1 && is(components.get(1), AddressProtocol.TCP);
    }

    /**
     * Whether it consists of an IP address or host name (ip4, ip6, dns, dns4, dns6), a TCP port, possibly a peer, and
     * nothing else. Says nothing about the values: port 0, for example, can be listened on only.
     */
    public boolean isDialableTcp() {
        int size = components.size();
        return startsWithTcp() && (size == 2 || (size == 3 && isPeer(components.get(2))));
    }

    /** Whether it starts with an IP address of this very machine: 127.0.0.0/8 or ::1. */
    public boolean isLoopback() {
        byte[] ip = ip();
        return ip.length == 4
                ? ip[0] == 127
                : ip.length == 16 && IpText.format6(ip).equals("::1");
    }

    /**
     * Whether it starts with an IP address that means something only in a private network: 10.0.0.0/8, 172.16.0.0/12,
     * 192.168.0.0/16, 169.254.0.0/16, 100.64.0.0/10, fc00::/7 or fe80::/10. Loopback and wildcard are not private.
     */
    public boolean isPrivate() {
        byte[] ip = ip();
        if (ip.length == 0) {
            return false;
        }
        int first = ip[0] & 0xff;
        int second = ip[1] & 0xff;
        if (ip.length == AddressValue.IP6.size()) {
            return (first & 0xfe) == 0xfc || (first == 0xfe && (second & 0xc0) == 0x80);
        }
        return first == 10
                || (first == 172 && (second & 0xf0) == 16)
                || (first == 192 && second == 168)
                || (first == 169 && second == 254)
                || (first == 100 && (second & 0xc0) == 64);
    }

    /** Whether it starts with the IP address that stands for all of this machine's: 0.0.0.0 or ::. */
    public boolean isWildcard() {
        byte[] ip = ip();
        return ip.length > 0 && Arrays.equals(ip, new byte[ip.length]);
    }

    /**
     * The network of the IP address in front, as far as one customer of a provider has it: the /24 of an IPv4 address, also if IPv6 wraps it, the /48 of
     * an IPv6 address. Empty if there is none.
     */
    public Optional<String> ipNetwork() {
        byte[] ip = ip();
        if (ip.length == 0) {
            return Optional.empty();
        }
        boolean ip4 = ip.length == AddressValue.IP4.size();
        byte[] network = Arrays.copyOf(Arrays.copyOf(ip, ip4 ? 3 : 6), ip.length);
        return Optional.of(ip4 ? IpText.format4(network, 0) + "/24" : IpText.format6(network) + "/48");
    }

    /** The IP address in front, an IPv4 one also if IPv6 wraps it; nothing if there is none. */
    private byte[] ip() {
        Component first = components.getFirst();
        if (!isIp(first)) {
            return new byte[0];
        }
        int size = is(first, AddressProtocol.IP4) ? AddressValue.IP4.size() : AddressValue.IP6.size();
        byte[] ip = Arrays.copyOfRange(bytes, 1, 1 + size);
        return size == 16 && IpText.isMapped4(ip) ? Arrays.copyOfRange(ip, 12, 16) : ip;
    }

    private static boolean isIp(Component component) {
        return is(component, AddressProtocol.IP4) || is(component, AddressProtocol.IP6);
    }

    private static boolean isName(Component component) {
        return is(component, AddressProtocol.DNS)
                || is(component, AddressProtocol.DNS4)
                || is(component, AddressProtocol.DNS6);
    }

    private static boolean isPeer(Component component) {
        return is(component, AddressProtocol.P2P);
    }

    private static boolean is(Component component, AddressProtocol protocol) {
        return component.code() == protocol.code();
    }

    /** The text form, which {@link #parse} reads. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Component component : components) {
            text.append('/').append(component.name());
            if (!component.value().isEmpty()) {
                text.append('/').append(component.value());
            }
        }
        return text.toString();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Multiaddr that && hash == that.hash && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return hash;
    }
}
