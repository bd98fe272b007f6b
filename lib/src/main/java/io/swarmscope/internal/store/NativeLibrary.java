package io.swarmscope.internal.store;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteJDBCLoader;

/**
 * Has SQLite's native library unpacked into the data directory. By itself it goes into the directory for temporary files, where a process that is killed leaves a
 * megabyte for good, where processes that start together trip over each other while they clean up, and from where some machines let nothing be loaded. Run by
 * the store's thread, which has the data directory locked.
 */
final class NativeLibrary {

    private static final Logger log = LoggerFactory.getLogger(NativeLibrary.class);

    /** Within the data directory. */
    static final String DIRECTORY = "native";

    // What sqlite-jdbc reads, once in a process, when it unpacks its library.
    private static final String UNPACK_INTO = "org.sqlite.tmpdir";
    private static final String UNPACKED_ALREADY = "org.sqlite.lib.path";

    private static final ReentrantLock lock = new ReentrantLock();

    // Guarded by lock.
    private static boolean loaded;

    private NativeLibrary() {}

    /**
     * Loads it, if this process has not loaded it and was not told where it is to be. What earlier processes left is deleted first. If this fails, opening the database
     * tries again in sqlite-jdbc's own way, and says what is wrong.
     */
    static void load(Path data) {
        lock.lock();
        try {
            if (loaded || System.getProperty(UNPACK_INTO) != null || System.getProperty(UNPACKED_ALREADY) != null) {
                return;
            }
            Path directory = Files.createDirectories(data.toAbsolutePath().resolve(DIRECTORY));
            empty(directory);
            System.setProperty(UNPACK_INTO, directory.toString());
            try {
                loaded = SQLiteJDBCLoader.initialize();
            } finally {
                System.clearProperty(UNPACK_INTO); // other users of SQLite in this process have it their way
            }
        } catch (Exception e) { // what initialize declares
            log.debug("SQLite's library could not be unpacked into {}: {}", data, e.toString());
        } finally {
            lock.unlock();
        }
    }

    private static void empty(Path directory) throws IOException {
        try (DirectoryStream<Path> left = Files.newDirectoryStream(directory, "sqlite-*")) {
            for (Path file : left) {
                try {
                    Files.delete(file);
                } catch (IOException e) {
                    log.debug("{} stays until the next start: {}", file, e.toString());
                }
            }
        }
    }
}
