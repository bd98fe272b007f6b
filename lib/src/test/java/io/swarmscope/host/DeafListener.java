package io.swarmscope.host;

import io.swarmscope.PeerId;

/** Hears of connections and does nothing; what matters to a test it overrides. */
public class DeafListener implements ConnectionListener {

    @Override
    public void opened(Connection connection) {}

    @Override
    public void identified(Connection connection, Identified identified) {}

    @Override
    public void closed(Connection connection, String reason) {}

    @Override
    public void misbehaved(PeerId peer, String what) {}
}
