package io.swarmscope.internal.store;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * A word and the packages it stands in, by their numbers in rising order, each with a byte of where. One thread at a time changes it; any may read
 * at the same time and sees each block as it is or as it was.
 *
 * <p>A block is never changed once it can be read: {@code count (1 byte), first number (4), where (1)}, then for each further package the
 * distance to its number as a varint and where. That makes 2 to 3 bytes for a package.
 */
final class Term {

    /** Packages in a block; what is copied when one is added or removed, and what is skipped at once. */
    static final int BLOCK = 128;

    private static final int HEADER = 5;
    private static final byte[][] EMPTY = {};
    private static final VarHandle ELEMENT = MethodHandles.arrayElementVarHandle(byte[][].class);

    final String text;
    private volatile byte[][] blocks = EMPTY;
    private volatile int size;

    Term(String text) {
        this.text = text;
    }

    /** In how many packages. */
    int size() {
        return size;
    }

    /** What can be read now. */
    byte[][] blocks() {
        return blocks;
    }

    /** A block of {@link #blocks}. */
    static byte[] block(byte[][] blocks, int index) {
        return (byte[]) ELEMENT.getAcquire(blocks, index);
    }

    /** The first number in a block. */
    static int first(byte[] block) {
        return (block[1] << 24) | ((block[2] & 0xff) << 16) | ((block[3] & 0xff) << 8) | (block[4] & 0xff);
    }

    /** Reads a block into arrays of {@link #BLOCK} elements; returns how many there are. */
    static int read(byte[] block, int[] numbers, byte[] where) {
        int count = block[0] & 0xff;
        int number = first(block);
        numbers[0] = number;
        where[0] = block[HEADER];
        int at = HEADER + 1;
        for (int i = 1; i < count; i++) {
            int b = block[at++];
            int distance = b & 0x7f;
            for (int shift = 7; b < 0; shift += 7) {
                b = block[at++];
                distance |= (b & 0x7f) << shift;
            }
            number += distance;
            numbers[i] = number;
            where[i] = block[at++];
        }
        return count;
    }

    private static byte[] written(int[] numbers, byte[] where, int count) {
        byte[] block = new byte[HEADER + 1 + (count - 1) * 6];
        int first = numbers[0];
        block[0] = (byte) count;
        block[1] = (byte) (first >> 24);
        block[2] = (byte) (first >> 16);
        block[3] = (byte) (first >> 8);
        block[4] = (byte) first;
        block[HEADER] = where[0];
        int at = HEADER + 1;
        for (int i = 1; i < count; i++) {
            at = varint(numbers[i] - numbers[i - 1], block, at);
            block[at++] = where[i];
        }
        return Arrays.copyOf(block, at);
    }

    private static int varint(int value, byte[] to, int from) {
        int at = from;
        int rest = value;
        while (rest > 0x7f) {
            to[at++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        to[at++] = (byte) rest;
        return at;
    }

    /** Adds a package whose number is higher than all there are. The scratch is the caller's, so that nothing is allocated for it. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer at a time
    void add(int number, int where, Scratch scratch) {
        byte[][] now = blocks;
        int last = now.length - 1;
        int count = last < 0 ? BLOCK : now[last][0] & 0xff;
        size++;
        if (count == BLOCK) {
            byte[][] more = Arrays.copyOf(now, now.length + 1);
            scratch.numbers[0] = number;
            scratch.where[0] = (byte) where;
            more[now.length] = written(scratch.numbers, scratch.where, 1);
            blocks = more;
            return;
        }
        read(now[last], scratch.numbers, scratch.where);
        scratch.numbers[count] = number;
        scratch.where[count] = (byte) where;
        ELEMENT.setRelease(now, last, written(scratch.numbers, scratch.where, count + 1));
    }

    /** Removes a package. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer at a time
    void remove(int number, Scratch scratch) {
        byte[][] now = blocks;
        int index = blockOf(now, number);
        int count = read(now[index], scratch.numbers, scratch.where);
        int at = Arrays.binarySearch(scratch.numbers, 0, count, number);
        System.arraycopy(scratch.numbers, at + 1, scratch.numbers, at, count - at - 1);
        System.arraycopy(scratch.where, at + 1, scratch.where, at, count - at - 1);
        size--;
        if (count == 1) {
            byte[][] fewer = Arrays.copyOf(now, now.length - 1);
            System.arraycopy(now, index + 1, fewer, index, now.length - index - 1);
            blocks = fewer;
        } else {
            ELEMENT.setRelease(now, index, written(scratch.numbers, scratch.where, count - 1));
            join(index, scratch);
        }
    }

    private static int blockOf(byte[][] blocks, int number) {
        int low = 0;
        int high = blocks.length - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (first(blocks[middle]) <= number) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    /** Makes one block of two where both are nearly empty, or packages that come and go would leave ever more of them. */
    private void join(int index, Scratch scratch) {
        byte[][] now = blocks;
        int left = Math.min(index, now.length - 2);
        if (left < 0 || (now[left][0] & 0xff) + (now[left + 1][0] & 0xff) > BLOCK / 2) {
            return;
        }
        int count = read(now[left + 1], scratch.numbers, scratch.where);
        int[] numbers = Arrays.copyOf(scratch.numbers, count);
        byte[] where = Arrays.copyOf(scratch.where, count);
        int before = read(now[left], scratch.numbers, scratch.where);
        System.arraycopy(numbers, 0, scratch.numbers, before, count);
        System.arraycopy(where, 0, scratch.where, before, count);
        byte[][] fewer = Arrays.copyOf(now, now.length - 1);
        System.arraycopy(now, left + 2, fewer, left + 1, now.length - left - 2);
        fewer[left] = written(scratch.numbers, scratch.where, before + count);
        blocks = fewer;
    }

    /** The same with other numbers, which are in the same order. */
    Term renumbered(int[] numbers, Scratch scratch) {
        Term copy = new Term(text);
        byte[][] now = blocks;
        byte[][] mapped = new byte[now.length][];
        for (int i = 0; i < now.length; i++) {
            int count = read(now[i], scratch.numbers, scratch.where);
            for (int j = 0; j < count; j++) {
                scratch.numbers[j] = numbers[scratch.numbers[j]];
            }
            mapped[i] = written(scratch.numbers, scratch.where, count);
        }
        copy.blocks = mapped;
        copy.size = size;
        return copy;
    }

    /** Room for one block that was read. */
    static final class Scratch {
        final int[] numbers = new int[BLOCK];
        final byte[] where = new byte[BLOCK];
    }
}
