package io.swarmscope.internal.record;

import io.swarmscope.ContentId;
import io.swarmscope.PackageId;
import io.swarmscope.PackageManifest;
import io.swarmscope.RegistryException;
import io.swarmscope.internal.record.RecordRefused.Reason;
import io.swarmscope.internal.wire.Limits;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * The JSON of a record. Stateless; any thread. Fields with nothing in them are left out; fields nobody knows are passed over, so that later
 * versions may add some; a field given twice is refused, because two readers could take two of them.
 *
 * <p>Read token by token rather than bound to a class: it costs a third, needs no reflection, and each field says what it accepts.
 */
final class RecordJson {

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxDocumentLength(Limits.RECORD_BYTES)
                    .maxNestingDepth(Limits.RECORD_JSON_DEPTH)
                    .maxTokenCount(Limits.RECORD_JSON_TOKENS)
                    .maxStringLength(Limits.RECORD_BYTES)
                    .maxNameLength(64)
                    .maxNumberLength(20)
                    .build())
            .build();

    private RecordJson() {}

    static byte[] write(PackageRecord record) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
        try (JsonGenerator out = FACTORY.createGenerator(ObjectWriteContext.empty(), bytes)) {
            out.writeStartObject();
            out.writeStringProperty("network", record.network());
            out.writeStringProperty("id", record.id().toString());
            switch (record) {
                case Head head -> {
                    manifest(out, head.manifest());
                    texts(out, "versions", head.versions());
                }
                case VersionRecord version -> manifest(out, version.manifest());
                case Tombstone tombstone -> text(out, "version", tombstone.version().orElse(""));
            }
            out.writeNumberProperty("sequence", record.sequence());
            out.writeNumberProperty("published", record.publishedAt().toEpochMilli());
            out.writeNumberProperty("expires", record.expiresAt().toEpochMilli());
            out.writeEndObject();
        }
        return bytes.toByteArray();
    }

    private static void manifest(JsonGenerator out, PackageManifest manifest) {
        out.writeStringProperty("version", manifest.version());
        text(out, "title", manifest.title());
        text(out, "description", manifest.description());
        texts(out, "categories", manifest.categories());
        texts(out, "tags", manifest.tags());
        text(out, "license", manifest.license());
        links(out, manifest.links());
        text(out, "content", manifest.content().map(ContentId::toString).orElse(""));
    }

    private static void text(JsonGenerator out, String name, String value) {
        if (!value.isEmpty()) {
            out.writeStringProperty(name, value);
        }
    }

    private static void texts(JsonGenerator out, String name, List<String> values) {
        if (!values.isEmpty()) {
            out.writeArrayPropertyStart(name);
            values.forEach(out::writeString);
            out.writeEndArray();
        }
    }

    private static void links(JsonGenerator out, Map<String, URI> links) {
        if (!links.isEmpty()) {
            out.writeObjectPropertyStart("links");
            links.forEach((name, address) -> out.writeStringProperty(name, address.toString()));
            out.writeEndObject();
        }
    }

    /**
     * Reads and checks a record.
     *
     * @param kind which one its envelope says it is
     * @throws RecordRefused with reason SYNTAX, whatever is wrong
     */
    static PackageRecord read(Class<? extends PackageRecord> kind, byte[] json) throws RecordRefused {
        try (JsonParser in = FACTORY.createParser(ObjectReadContext.empty(), json)) {
            Fields fields = new Fields();
            expect(in.nextToken(), JsonToken.START_OBJECT, "the record");
            for (String name = in.nextName(); name != null; name = in.nextName()) {
                fields.read(name, in);
            }
            expect(in.currentToken(), JsonToken.END_OBJECT, "the end of the record");
            expect(in.nextToken(), null, "the end");
            return fields.toRecord(kind);
        } catch (JacksonException e) {
            throw syntax("not the JSON expected: " + e.getOriginalMessage());
        } catch (RegistryException.InvalidInput e) {
            throw syntax(String.valueOf(e.getMessage()));
        }
    }

    private static void expect(@Nullable JsonToken found, @Nullable JsonToken wanted, String what) throws RecordRefused {
        if (found != wanted) {
            throw syntax(what + " is missing or of the wrong type");
        }
    }

    private static RecordRefused syntax(String what) {
        return new RecordRefused(Reason.SYNTAX, what);
    }

    /** What was read so far. */
    private static final class Fields {
        private String network = "";
        private String id = "";
        private String version = "";
        private List<String> versions = List.of();
        private String title = "";
        private String description = "";
        private List<String> categories = List.of();
        private List<String> tags = List.of();
        private String license = "";
        private Map<String, URI> links = Map.of();
        private String content = "";
        private long sequence;
        private long published;
        private long expires;

        void read(String name, JsonParser in) throws RecordRefused {
            JsonToken value = in.nextToken();
            switch (name) {
                case "network" -> network = text(name, value, in);
                case "id" -> id = text(name, value, in);
                case "version" -> version = text(name, value, in);
                case "versions" -> versions = texts(name, value, in, Limits.RECORD_VERSIONS);
                case "title" -> title = text(name, value, in);
                case "description" -> description = text(name, value, in);
                case "categories" -> categories = texts(name, value, in, Limits.RECORD_WORDS);
                case "tags" -> tags = texts(name, value, in, Limits.RECORD_WORDS);
                case "license" -> license = text(name, value, in);
                case "links" -> links = links(value, in);
                case "content" -> content = text(name, value, in);
                case "sequence" -> sequence = number(name, value, in);
                case "published" -> published = number(name, value, in);
                case "expires" -> expires = number(name, value, in);
                default -> in.skipChildren();
            }
        }

        PackageRecord toRecord(Class<? extends PackageRecord> kind) throws RecordRefused {
            Instant from = Instant.ofEpochMilli(published);
            Instant until = Instant.ofEpochMilli(expires);
            if (kind == Head.class) {
                return new Head(network, manifest(), versions, sequence, from, until);
            }
            if (kind == VersionRecord.class) {
                return new VersionRecord(network, manifest(), sequence, from, until);
            }
            Optional<String> withdrawn = version.isEmpty() ? Optional.empty() : Optional.of(version);
            return new Tombstone(network, PackageId.parse(id), withdrawn, sequence, from, until);
        }

        private PackageManifest manifest() throws RecordRefused {
            return new PackageManifest(
                    PackageId.parse(id), version, title, description, categories, tags, license, links, contentId());
        }

        private Optional<ContentId> contentId() throws RecordRefused {
            if (content.isEmpty()) {
                return Optional.empty();
            }
            int colon = content.indexOf(':');
            if (colon < 0) {
                throw syntax("content is not algorithm:digest");
            }
            return Optional.of(new ContentId(content.substring(0, colon), content.substring(colon + 1)));
        }

        private static String text(String name, JsonToken value, JsonParser in) throws RecordRefused {
            expect(value, JsonToken.VALUE_STRING, name);
            return in.getString();
        }

        private static long number(String name, JsonToken value, JsonParser in) throws RecordRefused {
            expect(value, JsonToken.VALUE_NUMBER_INT, name);
            return in.getLongValue();
        }

        private static List<String> texts(String name, JsonToken value, JsonParser in, int max) throws RecordRefused {
            expect(value, JsonToken.START_ARRAY, name);
            List<String> texts = new ArrayList<>();
            for (JsonToken item = in.nextToken(); item != JsonToken.END_ARRAY; item = in.nextToken()) {
                texts.add(text(name, item, in));
                if (texts.size() > max) {
                    throw syntax(name + " has more than " + max + " entries");
                }
            }
            return texts;
        }

        private static Map<String, URI> links(JsonToken value, JsonParser in) throws RecordRefused {
            expect(value, JsonToken.START_OBJECT, "links");
            Map<String, URI> links = new LinkedHashMap<>();
            for (String name = in.nextName(); name != null; name = in.nextName()) {
                links.put(name, address(text(name, in.nextToken(), in)));
            }
            return links;
        }

        private static URI address(String text) throws RecordRefused {
            try {
                return new URI(text);
            } catch (URISyntaxException e) {
                throw syntax("a link is no address");
            }
        }
    }
}
