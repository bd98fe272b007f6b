package io.swarmscope.bench;

/**
 * One measured value.
 *
 * @param name what was measured
 * @param value in the unit
 * @param unit for people
 */
public record Figure(String name, double value, String unit) {}
