package io.swarmscope.internal.store;

import io.swarmscope.PackageManifest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/**
 * Packages like those of a Maven repository, made from a seed: families of modules under one group id, named after what they do, with titles and
 * descriptions that speak of it and of other things. What a package is about is known here, so that answers can be judged.
 */
final class Corpus {

    /** What a library can be about: the word in names, others that mean it in texts, and its category. */
    private static final String[][] TOPICS = {
        {"json", "JSON", "documents", "serialization"}, {"xml", "XML", "elements", "serialization"},
        {"yaml", "YAML", "configuration files", "serialization"}, {"csv", "CSV", "tables", "serialization"},
        {"protobuf", "Protocol Buffers", "messages", "serialization"}, {"http", "HTTP", "requests", "web"},
        {"websocket", "WebSocket", "connections", "web"}, {"servlet", "Servlet", "containers", "web"},
        {"rest", "REST", "resources", "web"}, {"graphql", "GraphQL", "queries", "web"},
        {"logging", "logging", "appenders", "observability"}, {"metrics", "metrics", "gauges", "observability"},
        {"tracing", "tracing", "spans", "observability"}, {"jdbc", "JDBC", "connections", "database"},
        {"postgresql", "PostgreSQL", "statements", "database"}, {"mongodb", "MongoDB", "collections", "database"},
        {"redis", "Redis", "keys", "database"}, {"migration", "schema migration", "versions", "database"},
        {"cache", "caching", "entries", "performance"}, {"pool", "object pools", "threads", "performance"},
        {"security", "security", "permissions", "security"}, {"oauth2", "OAuth 2", "tokens", "security"},
        {"crypto", "cryptography", "keys", "security"}, {"jwt", "JSON Web Token", "claims", "security"},
        {"kafka", "Kafka", "topics", "messaging"}, {"amqp", "AMQP", "queues", "messaging"},
        {"mail", "electronic mail", "attachments", "messaging"}, {"testing", "testing", "assertions", "test"},
        {"mocking", "mock objects", "stubs", "test"}, {"junit5", "JUnit 5", "extensions", "test"},
        {"compiler", "compiler", "sources", "build"}, {"annotations", "annotations", "processors", "build"},
        {"bytecode", "bytecode", "classes", "build"}, {"scheduler", "scheduling", "jobs", "runtime"},
        {"config", "configuration", "properties", "runtime"}, {"injection", "dependency injection", "beans", "runtime"},
        {"kubernetes", "Kubernetes", "clusters", "cloud"}, {"storage", "object storage", "buckets", "cloud"},
        {"discovery", "service discovery", "instances", "cloud"}, {"template", "templates", "pages", "text"},
        {"markdown", "Markdown", "headings", "text"}, {"pdf", "PDF", "pages", "text"},
        {"image", "images", "pixels", "media"}, {"audio", "audio", "samples", "media"},
        {"geometry", "geometry", "polygons", "science"}, {"statistics", "statistics", "distributions", "science"},
        {"log4j", "Log4j", "loggers", "observability"}, {"h2database", "H2", "tables", "database"},
        {"spring", "Spring", "contexts", "runtime"}, {"hibernate", "Hibernate", "entities", "database"},
    };

    private static final String[] ROLES = {
        "core", "api", "client", "server", "parser", "annotations", "starter", "plugin", "test", "utils", "support", "spi", "bom", "extras",
        "processor", "adapter", "driver", "engine", "streams", "reactive", "kotlin", "jackson", "guava", "spring"
    };
    private static final String[] VENDORS = {
        "apache", "eclipse", "google", "jboss", "codehaus", "fasterxml", "netflix", "spotify", "typelevel", "quarkus", "vertx", "micronaut",
        "dropwizard", "square", "airlift", "zalando", "jetbrains", "palantir", "linkedin", "twitter", "oracle", "ibm", "redhat", "elastic"
    };
    private static final String[] BRANDS = {
        "falcon", "cobalt", "nimbus", "quartz", "raven", "sable", "tundra", "vesper", "willow", "zephyr", "onyx", "juniper", "harbor", "glacier",
        "ember", "delta", "cedar", "birch", "aurora", "lumen", "mistral", "north", "orchid", "pioneer", "ripple", "summit", "talon", "umbra"
    };
    private static final String[] LICENSES = {
        "Apache-2.0", "Apache-2.0", "Apache-2.0", "MIT", "MIT", "EPL-2.0", "BSD-3-Clause", "LGPL-2.1-or-later", "GPL-3.0-only", ""
    };
    private static final String[] FILLING = {
        "small", "fast", "modern", "lightweight", "portable", "modular", "extensible", "and easy to use", "for the Java platform", "without dependencies",
        "with a fluent interface", "used by applications in production", "that integrates with popular frameworks", "written in Java",
        "for server and desktop", "with support for virtual threads", "designed for high throughput", "tested on every release", "for developers",
        "and its default implementation", "based on open standards", "with sensible defaults", "part of a larger family of libraries"
    };

    /** One package and what it is about. */
    record Item(PackageManifest manifest, String brand, String topic, String role) {

        String id() {
            return manifest.id().toString();
        }
    }

    private Corpus() {}

    /** So many packages, all different. */
    static List<Item> of(long seed, int count) {
        Random random = new Random(seed);
        Map<String, Item> items = new HashMap<>();
        List<Item> inOrder = new ArrayList<>(count);
        while (inOrder.size() < count) {
            String brand = random.nextInt(3) == 0 ? pick(random, BRANDS) + pick(random, BRANDS) : pick(random, BRANDS);
            String vendor = pick(random, VENDORS);
            String[] topic = pick(random, TOPICS);
            String group = pick(random, new String[] {"org.", "com.", "io.", "dev."}) + vendor + "." + (random.nextBoolean() ? brand : topic[0]);
            int modules = 1 + random.nextInt(6);
            for (int i = 0; i < modules && inOrder.size() < count; i++) {
                String role = i == 0 ? "" : pick(random, ROLES);
                Item item = item(random, group, brand, topic, role);
                if (items.putIfAbsent(item.id(), item) == null) {
                    inOrder.add(item);
                }
            }
        }
        return inOrder;
    }

    private static Item item(Random random, String group, String brand, String[] topic, String role) {
        String name = switch (random.nextInt(8)) {
            case 0 -> topic[0] + (role.isEmpty() ? "" : "-" + role);
            case 1 -> brand + capital(topic[0]) + capital(role);
            case 2 -> brand + "." + topic[0] + (role.isEmpty() ? "" : "." + role);
            default -> brand + "-" + topic[0] + (role.isEmpty() ? "" : "-" + role);
        };
        String title = capital(brand) + " " + topic[1] + (role.isEmpty() ? "" : " " + capital(role));
        StringBuilder text = new StringBuilder("A ");
        for (int i = random.nextInt(4); i >= 0; i--) {
            text.append(pick(random, FILLING)).append(' ');
        }
        text.append("library for ").append(topic[1]).append(" and ").append(topic[2]).append(". ");
        if (random.nextInt(3) == 0) {
            text.append("Works with ").append(pick(random, TOPICS)[1]).append(" and ").append(pick(random, TOPICS)[1]).append(". ");
        }
        for (int i = random.nextInt(4); i > 0; i--) {
            text.append(capital(pick(random, FILLING))).append(' ').append(pick(random, FILLING)).append(". ");
        }
        Set<String> tags = new TreeSet<>(List.of(topic[0]));
        if (!role.isEmpty()) {
            tags.add(role);
        }
        if (random.nextInt(4) == 0) {
            tags.add(pick(random, TOPICS)[0]);
        }
        PackageManifest manifest = PackageManifest.of(group + "/" + name, random.nextInt(9) + "." + random.nextInt(30), title)
                .withDescription(text.toString().strip())
                .withCategories(topic[3])
                .withTags(tags.toArray(String[]::new))
                .withLicense(pick(random, LICENSES));
        return new Item(manifest, brand, topic[0], role);
    }

    static <T> T pick(Random random, T[] of) {
        return of[random.nextInt(of.length)];
    }

    private static String capital(String word) {
        return word.isEmpty() ? "" : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
    }

    /** The word with one typing error in it. */
    static String mistyped(Random random, String word) {
        char letter = (char) ('a' + random.nextInt(26));
        int at = random.nextInt(word.length());
        return switch (random.nextInt(4)) {
            case 0 -> word.substring(0, at) + word.substring(at + 1);
            case 1 -> word.substring(0, at) + letter + word.substring(at);
            case 2 -> word.substring(0, at) + letter + word.substring(at + 1);
            default -> at == 0 ? word : word.substring(0, at - 1) + word.charAt(at) + word.charAt(at - 1) + word.substring(at + 1);
        };
    }
}
