package io.swarmscope;

import java.util.Locale;

/**
 * A place on earth, WGS 84, as a node declares it for itself. A value; any thread may use it.
 *
 * @param latitude degrees, -90 to 90, north is positive
 * @param longitude degrees, -180 to 180, east is positive
 */
public record Location(double latitude, double longitude) {

    private static final double EARTH_RADIUS_KM = 6371;

    /**
     * Checks the ranges.
     *
     * @throws RegistryException.InvalidInput if a value is out of range
     */
    public Location {
        if (!(Math.abs(latitude) <= 90)) {
            throw new RegistryException.InvalidInput("latitude", Double.toString(latitude), "-90 to 90 degrees");
        }
        if (!(Math.abs(longitude) <= 180)) {
            throw new RegistryException.InvalidInput("longitude", Double.toString(longitude), "-180 to 180 degrees");
        }
    }

    /** Kilometres to another place along the surface, by the haversine formula: within 0.5 %. */
    public double kilometresTo(Location other) {
        double north = Math.toRadians(other.latitude - latitude) / 2;
        double east = Math.toRadians(other.longitude - longitude) / 2;
        double across = Math.cos(Math.toRadians(latitude)) * Math.cos(Math.toRadians(other.latitude));
        double half = Math.sin(north) * Math.sin(north) + across * Math.sin(east) * Math.sin(east);
        return 2 * EARTH_RADIUS_KM * Math.asin(Math.min(1, Math.sqrt(half)));
    }

    /** As a URI of RFC 5870, rounded to a tenth of a degree, which is at most 11 km: {@code geo:52.5,13.4}. */
    @Override
    public String toString() {
        return String.format(Locale.ROOT, "geo:%.1f,%.1f", latitude, longitude);
    }
}
