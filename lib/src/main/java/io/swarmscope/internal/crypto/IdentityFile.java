package io.swarmscope.internal.crypto;

import io.swarmscope.internal.wire.Limits;
import io.swarmscope.internal.wire.MalformedException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.EnumSet;
import java.util.Set;

/** Keeps an identity in a file that only its owner can read. Stateless, for any thread and several processes. */
final class IdentityFile {
    private static final Set<PosixFilePermission> OWNER_ONLY =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private static final Set<PosixFilePermission> OTHERS = EnumSet.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.GROUP_EXECUTE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE,
            PosixFilePermission.OTHERS_EXECUTE);

    private IdentityFile() {}

    static Identity loadOrCreate(Path file) throws IOException {
        return Files.exists(file) ? load(file) : create(file);
    }

    private static Identity load(Path file) throws IOException {
        requirePrivate(file);
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(Limits.IDENTITY_FILE_BYTES + 1);
        }
        if (bytes.length > Limits.IDENTITY_FILE_BYTES) {
            throw new IOException(notAnIdentity(file, "it is larger than " + Limits.IDENTITY_FILE_BYTES + " bytes"));
        }
        try {
            return Identity.ofProtobuf(bytes);
        } catch (MalformedException e) {
            throw new IOException(notAnIdentity(file, String.valueOf(e.getMessage())), e);
        }
    }

    private static Identity create(Path file) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        if (directory == null) {
            throw new IOException(file + " is a directory, not a file for an identity");
        }
        Files.createDirectories(directory);
        Identity identity = Identity.generate(new SecureRandom());
        // Written beside and then linked: whoever sees the name sees the whole file, and nobody's file is replaced.
        Path draft = Files.createTempFile(directory, ".identity", ".tmp", ownerOnly(directory));
        try {
            write(draft, identity.toProtobuf());
            publish(draft, file);
            return identity;
        } catch (FileAlreadyExistsException e) {
            return load(file); // another process was faster
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    private static void write(Path file, byte[] bytes) throws IOException {
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.WRITE)) {
            ByteBuffer rest = ByteBuffer.wrap(bytes);
            while (rest.hasRemaining()) {
                out.write(rest);
            }
            out.force(true);
        }
    }

    private static void publish(Path draft, Path file) throws IOException {
        try {
            Files.createLink(file, draft);
        } catch (UnsupportedOperationException e) {
            // No hard links here. The race that a link would decide is between two first starts of one node.
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private static FileAttribute<?>[] ownerOnly(Path directory) {
        return isPosix(directory)
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
                : new FileAttribute<?>[0];
    }

    private static void requirePrivate(Path file) throws IOException {
        if (!isPosix(file)) {
            return; // where there are no such permissions there is nothing to check
        }
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        permissions.addAll(Files.getPosixFilePermissions(file));
        permissions.retainAll(OTHERS);
        if (!permissions.isEmpty()) {
            throw new IOException("identity file " + file + " is open to other users (" + permissions
                    + "); if they may have read it, delete it to get a new identity, otherwise run: chmod 600 " + file);
        }
    }

    private static boolean isPosix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    private static String notAnIdentity(Path file, String why) {
        return "identity file " + file + " is not an Ed25519 private key (" + why
                + "); restore it from a copy, or delete it to start with a new identity";
    }
}
