package io.swarmscope.internal.store;

import io.swarmscope.RegistryException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * One registry has one data directory: an exclusive lock on a file in it, which names its holder. For one thread, which nobody interrupts, because
 * that would close the file. The system lets go of the lock when the process ends, however it ends.
 */
final class DirectoryLock implements AutoCloseable {

    static final String FILE = "lock";

    private static final int PID_BYTES = 20;

    /**
     * What this process has locked. POSIX locks belong to the process and end as soon as it closes any descriptor of the file, so a second attempt
     * must not even open it.
     */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path directory;
    private final FileChannel channel;

    private DirectoryLock(Path directory, FileChannel channel) {
        this.directory = directory;
        this.channel = channel;
    }

    /**
     * Takes the lock on that directory, which must exist.
     *
     * @throws RegistryException.CannotOpen if another has it, in this process or another, or if the file cannot be made
     */
    static DirectoryLock take(Path directory) {
        Path real = null;
        try {
            real = directory.toRealPath();
            if (!HELD.add(real)) {
                real = null;
                throw inUse(directory, String.valueOf(ProcessHandle.current().pid()), null);
            }
            DirectoryLock lock = new DirectoryLock(real, lock(directory));
            real = null;
            return lock;
        } catch (IOException e) {
            throw new RegistryException.CannotOpen(
                    "the data directory " + directory + " cannot be locked (" + e + "): choose a directory that this user can write", e);
        } finally {
            if (real != null) {
                HELD.remove(real);
            }
        }
    }

    private static FileChannel lock(Path directory) throws IOException {
        FileChannel channel = FileChannel.open(
                directory.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        boolean mine = false;
        try {
            if (channel.tryLock() == null) {
                throw inUse(directory, holder(channel), null);
            }
            writeHolder(channel);
            mine = true;
            return channel;
        } catch (OverlappingFileLockException e) {
            mine = true; // another copy of this class in this process has it: see HELD why this channel stays open
            throw inUse(directory, holder(channel), e);
        } finally {
            if (!mine) {
                channel.close();
            }
        }
    }

    private static RegistryException inUse(Path directory, String holder, @Nullable Exception cause) {
        return new RegistryException.CannotOpen(
                "the data directory " + directory + " is in use by process " + holder + ": stop it, or choose another directory", cause);
    }

    private static String holder(FileChannel channel) {
        ByteBuffer bytes = ByteBuffer.allocate(PID_BYTES);
        try {
            channel.read(bytes, 0);
        } catch (IOException e) {
            return "(unknown)"; // where locks are mandatory, what is locked cannot be read
        }
        return new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII).strip();
    }

    private static void writeHolder(FileChannel channel) throws IOException {
        channel.truncate(0);
        String pid = ProcessHandle.current().pid() + "\n";
        channel.write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.US_ASCII)), 0);
    }

    /** Lets go. The file stays: deleting it would let two processes lock two files of one name. */
    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // The system lets go of it at the latest when the process ends.
        }
        HELD.remove(directory);
    }
}
