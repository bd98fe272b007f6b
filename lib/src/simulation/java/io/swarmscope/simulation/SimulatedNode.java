package io.swarmscope.simulation;

import io.swarmscope.Multiaddr;
import io.swarmscope.PackageId;
import io.swarmscope.PeerId;
import io.swarmscope.Registry;
import io.swarmscope.RegistryConfig;
import io.swarmscope.RegistryException;
import io.swarmscope.internal.crypto.Identity;
import io.swarmscope.internal.node.SimulatedProcess;
import io.swarmscope.internal.simulation.Place;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** One node of a {@link SimulatedNetwork}. For the thread that made the network, and tasks of it. */
public final class SimulatedNode {

    private final SimulatedNetwork network;
    private final Identity identity;
    private final Place place;
    private final SimulatedProcess.Disk disk = new SimulatedProcess.Disk();
    private final Registry registry;
    private RegistryConfig config;
    private @Nullable SimulatedProcess process;

    SimulatedNode(SimulatedNetwork network, Identity identity, Place place, RegistryConfig config) {
        this.network = network;
        this.identity = identity;
        this.place = place;
        this.config = config;
        this.registry = (Registry) Proxy.newProxyInstance(
                Registry.class.getClassLoader(), new Class<?>[] {Registry.class}, (proxy, method, arguments) -> switch (method.getName()) {
                    case "equals" -> proxy == arguments[0];
                    case "hashCode" -> number();
                    case "toString" -> "registry of " + this;
                    default -> call(method, arguments);
                });
    }

    /** Its number in the network, from 0. */
    public int number() {
        return place.number();
    }

    /** Its peer id. */
    public PeerId id() {
        return identity.peerId();
    }

    /** Where it listens, with its peer id. */
    public Multiaddr address() {
        return place.address().withPeerId(id());
    }

    /**
     * The calls of this node. A call lets virtual time pass until it returns. While the node is stopped calls fail with {@link RegistryException.Closed}.
     * All of the calls work as they do elsewhere, but for {@code searchStream}, which throws {@link UnsupportedOperationException}: its hits come to
     * threads that the simulation does not know.
     */
    public Registry registry() {
        return registry;
    }

    private Object call(Method method, Object @Nullable [] arguments) throws Throwable {
        if (method.getName().equals("searchStream")) {
            throw new UnsupportedOperationException("a simulated node does not stream its hits: use search");
        }
        SimulatedProcess running = process;
        if (running == null) {
            throw new RegistryException.Closed(null);
        }
        if (method.getName().equals("close")) {
            stop();
            return null;
        }
        Throwable[] thrown = new Throwable[1];
        Object result = network.enter(() -> {
            try {
                return method.invoke(running.registry(), arguments);
            } catch (InvocationTargetException e) {
                thrown[0] = e.getCause();
            } catch (IllegalAccessException e) {
                thrown[0] = e;
            }
            return null;
        });
        if (thrown[0] != null) {
            throw thrown[0];
        }
        return result;
    }

    /** Whether its process runs. */
    public boolean isRunning() {
        return process != null;
    }

    /** Starts it, with what it had on its disk when it was stopped. Does nothing if it runs. */
    public void start() {
        if (process == null) {
            process = network.enter(() -> SimulatedProcess.start(config, identity, place, network.net(), disk, network.shared()));
        }
    }

    /** Stops it: it says goodbye to its peers. Does nothing if it does not run. */
    public void stop() {
        SimulatedProcess running = process;
        if (running != null) {
            process = null;
            network.enter(() -> {
                running.registry().close();
                return true;
            });
        }
    }

    /** Its power fails: peers notice after a while that it says nothing any more. What it had on its disk stays. */
    public void crash() {
        SimulatedProcess running = process;
        if (running != null) {
            process = null;
            network.enter(() -> {
                place.dead(true);
                running.crash();
                return true;
            });
        }
    }

    /** Changes its configuration for the next time it is started. */
    public void configure(UnaryOperator<RegistryConfig> change) {
        config = change.apply(config);
    }

    /** Whether others can dial it; behind a NAT they cannot, while it dials them. */
    public void dialable(boolean yes) {
        place.dialable(yes);
    }

    /** Every packet from and to it takes longer by that much. */
    public void slow(Duration more) {
        place.slow(more);
    }

    /** Whether it accepts connections and says nothing on them. */
    public void silent(boolean yes) {
        place.silent(yes);
    }

    /** Its wall clock is ahead of the others by that much. */
    public void clockAhead(Duration by) {
        place.clockOff(by);
    }

    /** How many packages it holds now, its own among them; 0 while it is stopped. */
    public long packages() {
        SimulatedProcess running = process;
        return running == null ? 0 : running.index().packages();
    }

    /** Whether it holds a package now, and has not heard that it was withdrawn. Asks nobody. */
    public boolean holds(PackageId id) {
        SimulatedProcess running = process;
        return running != null && running.index().find(id).filter(state -> state.toPublished().isPresent()).isPresent();
    }

    /** Whether it has joined its network. */
    public boolean joined() {
        SimulatedProcess running = process;
        return running != null && running.joined();
    }

    /** Its peers find out who does not answer any more. */
    void ping() {
        SimulatedProcess running = process;
        if (running != null) {
            running.host().connections().forEach(network.net()::ping);
        }
    }

    @Nullable SimulatedProcess process() {
        return process;
    }

    @Override
    public String toString() {
        return "node " + number() + " (" + id().shortText() + ")";
    }
}
