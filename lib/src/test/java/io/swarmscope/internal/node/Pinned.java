package io.swarmscope.internal.node;

import static java.util.stream.Collectors.joining;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingStream;

/**
 * Listens, from its making on, for virtual threads that wait and hold their carrier meanwhile, with code of ours on their stack. On JDK 21 they do so
 * inside {@code synchronized} and beneath native frames, from JDK 24 on beneath native frames only. A class that is loaded or linked holds whoever needs it
 * first, once in the life of a process, and is not counted. Used by the thread of a test.
 */
final class Pinned implements AutoCloseable {
    private static final String EVENT = "jdk.VirtualThreadPinned";
    private static final String LOADERS = "jdk.internal.loader.";
    private static final String OURS = "io.swarmscope.";

    private final RecordingStream stream = new RecordingStream();
    private final List<String> stacks = new CopyOnWriteArrayList<>();

    Pinned() {
        stream.enable(EVENT).withThreshold(Duration.ZERO).withStackTrace();
        stream.onEvent(EVENT, this::look);
        stream.setReuse(false);
        stream.startAsync();
    }

    private void look(RecordedEvent event) {
        List<RecordedFrame> frames = event.getStackTrace() == null ? List.of() : event.getStackTrace().getFrames();
        if (frames.stream().anyMatch(frame -> isIn(frame, OURS)) && !isForAClass(event, frames)) {
            stacks.add(frames.stream()
                    .map(frame -> frame.getMethod().getType().getName() + "." + frame.getMethod().getName() + ":" + frame.getLineNumber())
                    .collect(joining("\n    ", "held for " + event.getDuration() + " " + reason(event) + " at\n    ", "")));
        }
    }

    private static boolean isIn(RecordedFrame frame, String prefix) {
        return frame.getMethod().getType().getName().startsWith(prefix);
    }

    private static boolean isForAClass(RecordedEvent event, List<RecordedFrame> frames) {
        return frames.stream().anyMatch(frame -> isIn(frame, LOADERS))
                || reason(event).startsWith("Waited for initialization")
                // Monitors hold nobody there but where the machine itself needs one, to link a class or a native method.
                || reason(event).startsWith("Freeze or preempt failed");
    }

    /** Known from JDK 24 on. */
    private static String reason(RecordedEvent event) {
        return event.hasField("pinnedReason") ? String.valueOf(event.getString("pinnedReason")) : "";
    }

    /** Where it happened until now. Nothing is heard afterwards. */
    List<String> stacks() {
        stream.stop();
        return stacks;
    }

    @Override
    public void close() {
        stream.close();
    }
}
