package io.swarmscope.internal.store;

import io.swarmscope.internal.fork.Deadline;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a node must not forget: the database of a {@link Store}, or what a simulation has in its place. Thread-safe; see there what each promises. */
public interface Storage extends AutoCloseable {

    /** Hands over changes to be written soon, all or none, waiting for room; whether they were taken. */
    boolean write(Change... changes) throws InterruptedException;

    /** The same without waiting. */
    boolean offer(Change change);

    /** Writes changes, all or none. When it returns nothing can lose them. */
    void commit(List<Change> changes, Deadline deadline) throws InterruptedException;

    /** The own records of a package: its head or withdrawal, and its versions. Sees every commit that has returned. */
    List<Row.Own> own(String namespace, String name, Deadline deadline) throws InterruptedException;

    /** The record of a version, of whomever it is. */
    Optional<Row.Version> version(String namespace, String name, String version, Deadline deadline) throws InterruptedException;

    /** What it counted since it was opened. */
    Map<String, Long> counters();

    /** Writes what waits and takes nothing more. */
    @Override
    void close();
}
