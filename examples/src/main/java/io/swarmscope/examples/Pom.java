package io.swarmscope.examples;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.maven.model.IssueManagement;
import org.apache.maven.model.License;
import org.apache.maven.model.Model;
import org.apache.maven.model.Parent;
import org.apache.maven.model.Scm;
import org.apache.maven.model.io.xpp3.MavenXpp3Reader;
import org.codehaus.plexus.util.xml.pull.XmlPullParserException;
import org.jspecify.annotations.Nullable;

/**
 * What a POM file says, as it says it: nothing inherited, no property replaced. Absent texts are empty.
 *
 * @param licenses their names, in order
 * @param properties its own
 * @param parent its parent's coordinates, if it has one
 */
record Pom(
        String groupId,
        String artifactId,
        String version,
        String packaging,
        String name,
        String description,
        String url,
        String scmUrl,
        String scmTag,
        String issuesUrl,
        List<String> licenses,
        Map<String, String> properties,
        @Nullable Coordinates parent) {

    /** No POM of Maven Central comes near; what is larger is something else. */
    private static final long SIZE_MAX = 2_000_000;

    /** Where a parent is found. */
    record Coordinates(String groupId, String artifactId, String version) {}

    /** A file that cannot be read as a POM; the message says why. */
    static final class NotAPom extends Exception {
        private static final long serialVersionUID = 1L;

        NotAPom(String message) {
            super(message);
        }
    }

    /**
     * Reads a file, lenient about elements it does not know. The parser knows no external entities, so a file cannot make it read another.
     */
    static Pom read(Path file) throws NotAPom, IOException {
        if (Files.size(file) > SIZE_MAX) {
            throw new NotAPom("has more than " + SIZE_MAX + " bytes");
        }
        try (InputStream in = Files.newInputStream(file)) {
            return of(new MavenXpp3Reader().read(in, false));
        } catch (XmlPullParserException e) {
            String where = e.getLineNumber() > 0 ? " at line " + e.getLineNumber() : "";
            throw new NotAPom("not well-formed" + where + ": " + reason(e));
        } catch (EOFException e) {
            throw new NotAPom("not well-formed: it ends too early");
        } catch (RuntimeException e) {
            throw new NotAPom("not well-formed: " + reason(e)); // the parser's way with some broken numbers and names
        }
    }

    private static String reason(Exception e) {
        String message = Objects.requireNonNullElse(e.getMessage(), e.getClass().getSimpleName());
        int position = message.indexOf("(position:");
        return Text.cut(Text.line(position > 0 ? message.substring(0, position) : message), 160);
    }

    private static Pom of(Model model) {
        Scm scm = model.getScm();
        IssueManagement issues = model.getIssueManagement();
        Map<String, String> properties = new HashMap<>();
        model.getProperties().forEach((name, value) -> properties.put(name.toString(), value.toString()));
        List<String> licenses = new ArrayList<>();
        for (License license : model.getLicenses()) {
            if (!given(license.getName()).isEmpty()) {
                licenses.add(given(license.getName()));
            }
        }
        return new Pom(
                given(model.getGroupId()),
                given(model.getArtifactId()),
                given(model.getVersion()),
                given(model.getPackaging()),
                given(model.getName()),
                given(model.getDescription()),
                given(model.getUrl()),
                scm == null ? "" : given(scm.getUrl()),
                scm == null ? "" : given(scm.getTag()),
                issues == null ? "" : given(issues.getUrl()),
                List.copyOf(licenses),
                Map.copyOf(properties),
                parent(model.getParent()));
    }

    private static @Nullable Coordinates parent(@Nullable Parent parent) {
        return parent == null
                ? null
                : new Coordinates(given(parent.getGroupId()), given(parent.getArtifactId()), given(parent.getVersion()));
    }

    private static String given(@Nullable String text) {
        return text == null ? "" : text.strip();
    }
}
