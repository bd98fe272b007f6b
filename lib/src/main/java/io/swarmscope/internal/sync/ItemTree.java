package io.swarmscope.internal.sync;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Items in the order of their keys, where whatever concerns a range takes logarithmic time: a treap whose nodes know the aggregate of what is
 * beneath them. Used by one thread at a time; {@link ItemSet} sees to that.
 *
 * <p>A node does not keep the hash of its own item, a third of its size: changes are told upwards as differences. Priorities are random, not
 * taken from the item, since whoever names packages could make the tree a list then.
 */
final class ItemTree {

    private final SplittableRandom priorities = new SplittableRandom();
    private @Nullable Node root;

    /** The aggregate is that of the node and of all beneath it. 72 bytes with compressed references. */
    private static final class Node extends Aggregate {
        final String key;
        final int priority;
        long sequence;
        @Nullable Node left;
        @Nullable Node right;

        Node(Item item, Aggregate own, int priority) {
            super(own);
            this.key = item.key();
            this.sequence = item.sequence();
            this.priority = priority;
        }
    }

    int size() {
        return root == null ? 0 : root.count();
    }

    /** The sequence under this key, 0 if there is none. */
    long get(String key) {
        Node at = root;
        while (at != null) {
            int order = Keys.compare(key, at.key);
            if (order == 0) {
                return at.sequence;
            }
            at = order < 0 ? at.left : at.right;
        }
        return 0;
    }

    /** Puts the item in place of what is under its key; whether that changed anything. */
    boolean put(Item item) {
        long before = get(item.key());
        if (before == item.sequence()) {
            return false;
        }
        Aggregate own = Aggregate.of(item.key(), item.sequence());
        if (before == 0) {
            root = inserted(root, new Node(item, own, priorities.nextInt()), own);
        } else {
            own.subtract(Aggregate.of(item.key(), before));
            replace(item, own);
        }
        return true;
    }

    private static Node inserted(@Nullable Node at, Node added, Aggregate own) {
        if (at == null) {
            return added;
        }
        at.add(own);
        if (Keys.compare(added.key, at.key) < 0) {
            Node left = inserted(at.left, added, own);
            at.left = left;
            return left.priority > at.priority ? withLeftOnTop(at, left) : at;
        }
        Node right = inserted(at.right, added, own);
        at.right = right;
        return right.priority > at.priority ? withRightOnTop(at, right) : at;
    }

    private static Node withLeftOnTop(Node top, Node left) {
        Node moved = left.right;
        turn(top, left, moved);
        top.left = moved;
        left.right = top;
        return left;
    }

    private static Node withRightOnTop(Node top, Node right) {
        Node moved = right.left;
        turn(top, right, moved);
        top.right = moved;
        right.left = top;
        return right;
    }

    /** The child goes above its parent and leaves it one of its own children. */
    private static void turn(Node parent, Node child, @Nullable Node moved) {
        parent.subtract(child);
        if (moved != null) {
            parent.add(moved);
            child.subtract(moved);
        }
        child.add(parent);
    }

    private void replace(Item item, Aggregate difference) {
        for (Node at = root; at != null; ) {
            at.add(difference);
            int order = Keys.compare(item.key(), at.key);
            if (order == 0) {
                at.sequence = item.sequence();
                return;
            }
            at = order < 0 ? at.left : at.right;
        }
    }

    /** Removes what is under this key; whether there was anything. */
    boolean remove(String key) {
        long before = get(key);
        if (before == 0) {
            return false;
        }
        root = without(root, key, Aggregate.of(key, before));
        return true;
    }

    private static @Nullable Node without(@Nullable Node at, String key, Aggregate own) {
        if (at == null) {
            return null;
        }
        int order = Keys.compare(key, at.key);
        if (order == 0) {
            return joined(at.left, at.right);
        }
        at.subtract(own);
        if (order < 0) {
            at.left = without(at.left, key, own);
        } else {
            at.right = without(at.right, key, own);
        }
        return at;
    }

    private static @Nullable Node joined(@Nullable Node left, @Nullable Node right) {
        if (left == null || right == null) {
            return left == null ? right : left;
        }
        if (left.priority > right.priority) {
            left.add(right);
            left.right = joined(left.right, right);
            return left;
        }
        right.add(left);
        right.left = joined(left, right.left);
        return right;
    }

    /** What is in the range. */
    Aggregate in(KeyRange range) {
        Aggregate found = before(range.high());
        if (!range.low().isEmpty()) {
            found.subtract(before(range.low()));
        }
        return found;
    }

    /** What comes before this key; all if there is none. */
    private Aggregate before(@Nullable String bound) {
        Aggregate found = new Aggregate();
        if (bound == null) {
            if (root != null) {
                found.add(root);
            }
            return found;
        }
        for (Node at = root; at != null; ) {
            if (Keys.compare(at.key, bound) < 0) {
                found.add(at);
                if (at.right != null) {
                    found.subtract(at.right);
                }
                at = at.right;
            } else {
                at = at.left;
            }
        }
        return found;
    }

    /** The keys that cut a range into this many parts of the same size or one more; it must hold as many items at least. */
    List<String> cuts(KeyRange range, int parts) {
        int first = before(range.low()).count();
        long count = in(range).count();
        List<String> keys = new ArrayList<>(parts - 1);
        for (int i = 1; i < parts; i++) {
            keys.add(at(first + (int) (count * i / parts)));
        }
        return keys;
    }

    /** The key that so many come before. */
    private String at(int rank) {
        int before = rank;
        for (Node at = root; at != null; ) {
            int left = at.left == null ? 0 : at.left.count();
            if (before == left) {
                return at.key;
            }
            if (before < left) {
                at = at.left;
            } else {
                before -= left + 1;
                at = at.right;
            }
        }
        throw new IndexOutOfBoundsException(rank);
    }

    /** The first items of a range, in order. */
    List<Item> list(KeyRange range, int max) {
        List<Item> items = new ArrayList<>();
        list(root, range, max, items);
        return items;
    }

    private static void list(@Nullable Node at, KeyRange range, int max, List<Item> items) {
        if (at == null || items.size() >= max) {
            return;
        }
        boolean notBefore = Keys.compare(at.key, range.low()) >= 0;
        boolean notBehind = range.isBelowHigh(at.key);
        if (notBefore) {
            list(at.left, range, max, items);
        }
        if (notBefore && notBehind && items.size() < max) {
            items.add(new Item(at.key, at.sequence));
        }
        if (notBehind) {
            list(at.right, range, max, items);
        }
    }
}
