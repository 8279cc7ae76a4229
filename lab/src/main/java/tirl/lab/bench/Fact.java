package tirl.lab.bench;

/** Figures that limit what one host carries: microseconds of a processor for each packet. */
enum Fact {
    /** Noise of the right length on the SPA port, at full speed. */
    SPA_NOISE("noise on the SPA port", 144 + Fact.UDP),
    /** Noise of fwknop's letters, at full speed, with one stanza. */
    FWKNOP_NOISE("noise on fwknop's port, one stanza", 204 + Fact.UDP),
    /** A bad packet where there are 1,000 stanzas. */
    FWKNOP_MANY("noise on fwknop's port, 1,000 stanzas", 204 + Fact.UDP),
    /** A first knock from a source of its own. */
    FORGED("forged first knocks", Fact.SHORTEST),
    /** A valid packet, with all that follows until it is open. */
    SPA_VALID("valid SPA packets, suite C", 144 + Fact.UDP),
    /** The same of fwknop. */
    FWKNOP_VALID("valid fwknop packets", 204 + Fact.UDP),
    /** A knock of one step, with all that follows. */
    DOOR_VALID("knocks on a door", Fact.SHORTEST);

    /** Ethernet with preamble, checksum and gap, IPv4, UDP. */
    private static final int UDP = 38 + 20 + 8;
    /** The shortest frame, with preamble and gap. */
    private static final int SHORTEST = 84;

    private final String text;
    private final int octetsOnTheWire;

    Fact(String text, int octetsOnTheWire) {
        this.text = text;
        this.octetsOnTheWire = octetsOnTheWire;
    }

    String text() {
        return text;
    }

    /** What the packet takes of a link. */
    int octetsOnTheWire() {
        return octetsOnTheWire;
    }
}
