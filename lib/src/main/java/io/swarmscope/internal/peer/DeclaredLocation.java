package io.swarmscope.internal.peer;

import io.swarmscope.Location;
import io.swarmscope.RegistryException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a peer says it is: a URI of RFC 5870 in brackets behind the version in identify's agent string, which is free text for people and may be
 * anything. Stateless; any thread.
 *
 * <p>No libp2p protocol has a field for it. Whoever does not know it shows it to people and is not disturbed.
 */
public final class DeclaredLocation {

    /** From that distance on nothing is near. Light in fibre takes 10 ms there and 10 ms back. */
    private static final double FAR_KM = 2_000;

    private static final Pattern GEO = Pattern.compile("\\(geo:(-?\\d{1,2}(?:\\.\\d{1,6})?),(-?\\d{1,3}(?:\\.\\d{1,6})?)\\)");

    private DeclaredLocation() {}

    /** The agent string of a node that declares where it is. */
    public static String declare(String agent, Location location) {
        return agent + " (" + location + ")";
    }

    /** What is declared in an agent string, if anything is. */
    static Optional<Location> in(String agent) {
        if (agent.indexOf("(geo:") < 0) {
            return Optional.empty();
        }
        Matcher matcher = GEO.matcher(agent);
        try {
            return matcher.find()
                    ? Optional.of(new Location(Double.parseDouble(matcher.group(1)), Double.parseDouble(matcher.group(2))))
                    : Optional.empty();
        } catch (RegistryException.InvalidInput e) {
            return Optional.empty();
        }
    }

    /** How near the declared place is: 1 for here, 0 from 2,000 km on and where nothing is declared. */
    public static double nearness(@Nullable Location own, String agent) {
        if (own == null) {
            return 0;
        }
        return in(agent).map(there -> Math.max(0, 1 - own.kilometresTo(there) / FAR_KM)).orElse(0.0);
    }
}
