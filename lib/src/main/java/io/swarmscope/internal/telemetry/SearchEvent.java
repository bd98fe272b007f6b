package io.swarmscope.internal.telemetry;

import io.swarmscope.SearchReport;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A search in the flight recorder. Made by the thread that searches; costs next to nothing while nobody records. */
@Name("io.swarmscope.Search")
@Label("Search")
@Description("A search, from the call to its answer")
@Category("Swarmscope")
@StackTrace(false)
public final class SearchEvent extends Event {
    @Label("Results")
    int results;

    @Label("Peers Asked")
    int peersAsked;

    @Label("Peers That Answered")
    int peersAnswered;

    @Label("Complete")
    boolean complete;

    @Label("Why It Ended")
    String stopped = "";

    /** The search is over. */
    public void ended(SearchReport report, int found) {
        end();
        if (shouldCommit()) {
            results = found;
            peersAsked = report.peers().size();
            peersAnswered = report.answered();
            complete = report.complete();
            stopped = report.stopped().name();
            commit();
        }
    }

    /** The search failed. */
    public void failed(Throwable cause) {
        end();
        if (shouldCommit()) {
            stopped = cause.getClass().getSimpleName();
            commit();
        }
    }
}
