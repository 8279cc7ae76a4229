import org.jspecify.annotations.NullMarked;

/** Sends knocks. Java's own sockets only; what they cannot do comes in through {@link tirl.client.EchoSender}. */
@NullMarked
module tirl.client {
    requires static transitive org.jspecify;
    requires transitive tirl.wire;

    exports tirl.client;
}
