package io.swarmscope;

/**
 * How many peers must give a valid record before it is taken for what the network knows. More are slower and less easily deceived: one peer can hold
 * back that there is something newer. A value; any thread may use it.
 *
 * @param peers how many, 1 to 20; 0 for whoever has one first, this node included
 */
public record Quorum(int peers) {

    /** The first valid record, held here or by whoever answers first. Nobody is asked for what this node holds. */
    public static final Quorum FIRST_VALID = new Quorum(0);

    /** As many peers as the DHT stores a record at: no more can be expected to have it. */
    private static final int MOST = 20;

    /**
     * Checks the range.
     *
     * @throws RegistryException.InvalidInput if it is out of range
     */
    public Quorum {
        if (peers < 0 || peers > MOST) {
            throw new RegistryException.InvalidInput("quorum", Integer.toString(peers), "0 to " + MOST);
        }
    }

    /**
     * Records of that many peers, the newest of which counts. What this node holds takes part but does not count as one of them.
     *
     * @throws RegistryException.InvalidInput if it is not 1 to 20
     */
    public static Quorum of(int peers) {
        if (peers == 0) {
            throw new RegistryException.InvalidInput("quorum", "0", "1 to " + MOST);
        }
        return new Quorum(peers);
    }
}
