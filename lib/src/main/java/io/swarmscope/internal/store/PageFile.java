package io.swarmscope.internal.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The pages of a database file that SQLite no longer reads, those in its log before those in the file. For one thread.
 *
 * @see <a href="https://www.sqlite.org/fileformat2.html">the database file format</a>
 */
final class PageFile implements AutoCloseable {

    /** What {@link Database} makes its files with, and what SQLite has by itself. */
    static final int PAGE_BYTES = 4096;

    private static final int LOG_HEADER_BYTES = 32;
    private static final int FRAME_HEADER_BYTES = 24;
    private static final int FRAME_BYTES = FRAME_HEADER_BYTES + PAGE_BYTES;

    private final FileChannel file;
    private final @Nullable FileChannel log;
    private final Map<Integer, Long> inLog = new HashMap<>();

    private PageFile(FileChannel file, @Nullable FileChannel log) {
        this.file = file;
        this.log = log;
    }

    static PageFile open(Path file, Path log) throws IOException {
        PageFile pages = new PageFile(
                // Made if it is not there: then all there is is the log.
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE),
                Files.exists(log) ? FileChannel.open(log, StandardOpenOption.READ) : null);
        try {
            pages.readLog();
            return pages;
        } catch (IOException e) {
            pages.close();
            throw e;
        }
    }

    /** Where the last committed version of each page is. Checksums are not looked at: a damaged page damages no other. */
    private void readLog() throws IOException {
        if (log == null) {
            return;
        }
        Map<Integer, Long> uncommitted = new HashMap<>();
        ByteBuffer header = ByteBuffer.allocate(FRAME_HEADER_BYTES);
        Long salt = null;
        for (long at = LOG_HEADER_BYTES; at + FRAME_BYTES <= log.size(); at += FRAME_BYTES) {
            readFully(log, header.clear(), at);
            if (salt == null) {
                salt = header.getLong(8);
            } else if (salt != header.getLong(8)) {
                continue; // left over from before the log began anew
            }
            uncommitted.put(header.getInt(0), at + FRAME_HEADER_BYTES);
            if (header.getInt(4) != 0) {
                inLog.putAll(uncommitted);
                uncommitted.clear();
            }
        }
    }

    /** The highest number of a page. */
    int count() throws IOException {
        long inFile = file.size() / PAGE_BYTES;
        long highest = inLog.keySet().stream().mapToLong(Integer::longValue).max().orElse(0);
        // A number out of a damaged log must not keep us counting to two thousand million.
        return (int) Math.min(Math.max(inFile, highest), inFile + (log == null ? 0 : log.size() / FRAME_BYTES) + 1);
    }

    /** The page with that number, from 1; null if there is none. */
    @Nullable ByteBuffer page(int number) throws IOException {
        Long offset = inLog.get(number);
        ByteBuffer page = ByteBuffer.allocate(PAGE_BYTES);
        if (offset != null && log != null) {
            return readFully(log, page, offset) ? page : null;
        }
        return number > 0 && readFully(file, page, (number - 1L) * PAGE_BYTES) ? page : null;
    }

    private static boolean readFully(FileChannel channel, ByteBuffer into, long offset) throws IOException {
        long at = offset;
        while (into.hasRemaining()) {
            int read = channel.read(into, at);
            if (read < 0) {
                return false;
            }
            at += read;
        }
        into.flip();
        return true;
    }

    @Override
    public void close() throws IOException {
        try {
            file.close();
        } finally {
            if (log != null) {
                log.close();
            }
        }
    }
}
