package io.swarmscope.internal.store;

import io.swarmscope.internal.wire.Limits;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the rows that cannot be had from the network out of a damaged file: own records, and to whom namespaces belong. For one thread.
 *
 * <p>It looks at every page by itself and needs neither the header, the schema, the inner pages of a tree nor an index: what lies on undamaged
 * pages is found wherever the damage is. Rows are known by the types of their columns. Deleted ones are not found again, because
 * {@link Database} has SQLite wipe them.
 *
 * @see <a href="https://www.sqlite.org/fileformat2.html">the database file format</a>, sections 1.6 and 2.1
 */
final class Salvage {

    private static final byte TABLE_LEAF = 0x0D;
    private static final int FILE_HEADER_BYTES = 100;
    private static final int LEAF_HEADER_BYTES = 8;
    private static final int VARINT_BYTES = 9;

    /** How much of a row lies on its leaf, as the format says: all up to this ... */
    private static final int LOCAL_MAX = PageFile.PAGE_BYTES - 35;

    /** ... and of a longer one at least this much. */
    private static final int LOCAL_MIN = (PageFile.PAGE_BYTES - 12) * 32 / 255 - 23;

    /** Bytes of a row on each further page, after the number of the next. */
    private static final int OVERFLOW_BYTES = PageFile.PAGE_BYTES - 4;

    private static final String OWN = "tttbii";
    private static final String NAMESPACE = "tbi";

    private final PageFile pages;
    private final Map<List<String>, Row.Own> own = new LinkedHashMap<>();
    private final Map<String, Row.Namespace> namespaces = new LinkedHashMap<>();

    private Salvage(PageFile pages) {
        this.pages = pages;
    }

    /** What was found. */
    record Found(List<Row.Own> own, List<Row.Namespace> namespaces) {}

    /**
     * Reads what it can.
     *
     * @throws IOException if the disk cannot be read; never for what is in the files
     */
    static Found from(Path file, Path log) throws IOException {
        try (PageFile pages = PageFile.open(file, log)) {
            Salvage salvage = new Salvage(pages);
            int count = pages.count();
            for (int number = 1; number <= count; number++) {
                ByteBuffer page = pages.page(number);
                if (page != null) {
                    salvage.leaf(page, number == 1 ? FILE_HEADER_BYTES : 0);
                }
            }
            return new Found(List.copyOf(salvage.own.values()), List.copyOf(salvage.namespaces.values()));
        }
    }

    private void leaf(ByteBuffer page, int header) throws IOException {
        if (page.get(header) != TABLE_LEAF) {
            return;
        }
        int cells = page.getShort(header + 3) & 0xFFFF;
        int pointers = header + LEAF_HEADER_BYTES;
        for (int i = 0; i < cells && pointers + 2 * i + 2 <= PageFile.PAGE_BYTES; i++) {
            try {
                byte[] payload = payload(page, page.getShort(pointers + 2 * i) & 0xFFFF);
                if (payload != null) {
                    row(ByteBuffer.wrap(payload));
                }
            } catch (BufferUnderflowException | IllegalArgumentException e) {
                // Not a row: the next one may be.
            }
        }
    }

    private byte @Nullable [] payload(ByteBuffer page, int offset) throws IOException {
        ByteBuffer cell = page.duplicate().position(offset);
        long length = varint(cell);
        varint(cell); // the row's number
        if (length <= 0 || length > Limits.STORE_SALVAGED_ROW_BYTES) {
            return null;
        }
        byte[] payload = new byte[(int) length];
        int local = local(payload.length);
        cell.get(payload, 0, local);
        int next = local == payload.length ? 0 : cell.getInt();
        for (int at = local; at < payload.length; ) {
            ByteBuffer overflow = pages.page(next);
            if (overflow == null) {
                return null;
            }
            next = overflow.getInt();
            int part = Math.min(OVERFLOW_BYTES, payload.length - at);
            overflow.get(payload, at, part);
            at += part;
        }
        return payload;
    }

    private static int local(int length) {
        if (length <= LOCAL_MAX) {
            return length;
        }
        int rest = LOCAL_MIN + (length - LOCAL_MIN) % OVERFLOW_BYTES;
        return rest <= LOCAL_MAX ? rest : LOCAL_MIN;
    }

    private void row(ByteBuffer payload) {
        List<Object> columns = new ArrayList<>();
        String types = columns(payload, columns);
        if (types.equals(OWN)) {
            Row.Own row = new Row.Own(
                    (String) columns.get(0),
                    (String) columns.get(1),
                    (String) columns.get(2),
                    (byte[]) columns.get(3),
                    (Long) columns.get(4) != 0,
                    (Long) columns.get(5));
            // A damaged tree may hold a row twice; the one signed later is renewed later.
            own.merge(
                    List.of(row.namespace(), row.name(), row.version()), row, (a, b) -> b.renewAt() > a.renewAt() ? b : a);
        } else if (types.equals(NAMESPACE)) {
            Row.Namespace row = new Row.Namespace((String) columns.get(0), (byte[]) columns.get(1), (Long) columns.get(2));
            namespaces.merge(row.namespace(), row, (a, b) -> b.until() > a.until() ? b : a);
        }
    }

    /** Reads the columns and returns their types: t a text, b bytes, i a whole number, x another. */
    private static String columns(ByteBuffer payload, List<Object> columns) {
        int end = Math.toIntExact(Math.min(varint(payload), payload.limit()));
        StringBuilder types = new StringBuilder();
        ByteBuffer body = payload.duplicate().position(end);
        while (payload.position() < end && types.length() <= OWN.length()) {
            long serial = varint(payload);
            if (serial >= 12) {
                long length = (serial - 12) / 2;
                if (length > body.remaining()) {
                    throw new BufferUnderflowException();
                }
                byte[] bytes = new byte[(int) length];
                body.get(bytes);
                boolean text = serial % 2 == 1;
                columns.add(text ? new String(bytes, StandardCharsets.UTF_8) : bytes);
                types.append(text ? 't' : 'b');
            } else {
                Long number = whole(body, serial);
                columns.add(number == null ? "" : number);
                types.append(number == null ? 'x' : 'i');
            }
        }
        return types.toString();
    }

    private static @Nullable Long whole(ByteBuffer body, long serial) {
        return switch ((int) serial) {
            case 1, 2, 3, 4 -> bigEndian(body, (int) serial);
            case 5 -> bigEndian(body, 6);
            case 6 -> bigEndian(body, 8);
            case 8 -> 0L;
            case 9 -> 1L;
            default -> null;
        };
    }

    private static long bigEndian(ByteBuffer body, int bytes) {
        long value = body.get();
        for (int i = 1; i < bytes; i++) {
            value = (value << 8) | (body.get() & 0xFF);
        }
        return value;
    }

    /** Big-endian groups of 7 bits, of which the ninth has 8. */
    private static long varint(ByteBuffer from) {
        long value = 0;
        for (int i = 1; i < VARINT_BYTES; i++) {
            byte next = from.get();
            value = (value << 7) | (next & 0x7F);
            if (next >= 0) {
                return value;
            }
        }
        return (value << 8) | (from.get() & 0xFF);
    }
}
