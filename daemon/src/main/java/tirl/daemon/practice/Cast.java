package tirl.daemon.practice;

import java.util.List;
import tirl.event.EventSink;
import tirl.grant.Firewall;
import tirl.grant.LeaseLedger;
import tirl.grant.UnwrittenLeases;

/**
 * Who plays the parts that a practice has to replace; three, to be taken in turn. What the JVM compiles of a call is made for the
 * classes that it has met there, if they are one or two. The first real knock would then bring another one, and have the
 * whole of what was compiled thrown away. With three it compiles the call for any (decision 0040).
 */
public record Cast(Firewall firewall, LeaseLedger ledger, EventSink events) {
    /**
     * @param rehearsed takes what would open
     * @param events takes what would be told
     */
    public static List<Cast> three(Rehearsed rehearsed, EventSink events) {
        return List.of(
                new Cast(new Stage(rehearsed), new UnwrittenLeases(), new Told(events)),
                new Cast(new SecondStage(rehearsed), new SecondUnwritten(), new SecondTold(events)),
                new Cast(new ThirdStage(rehearsed), new ThirdUnwritten(), new ThirdTold(events)));
    }

    private static final class SecondStage extends Stage {
        SecondStage(Rehearsed rehearsed) {
            super(rehearsed);
        }
    }

    private static final class ThirdStage extends Stage {
        ThirdStage(Rehearsed rehearsed) {
            super(rehearsed);
        }
    }

    private static final class SecondUnwritten extends UnwrittenLeases {}

    private static final class ThirdUnwritten extends UnwrittenLeases {}

    private static final class SecondTold extends Told {
        SecondTold(EventSink to) {
            super(to);
        }
    }

    private static final class ThirdTold extends Told {
        ThirdTold(EventSink to) {
            super(to);
        }
    }
}
