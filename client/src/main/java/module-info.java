import org.jspecify.annotations.NullMarked;

/** Sends knocks. Java's own sockets only; what they cannot do comes in through {@link tirl.client.EchoSender}. */
@NullMarked
@SuppressWarnings("requires-automatic") // tomlj names itself in its manifest only
module tirl.client {
    requires static transitive org.jspecify;
    requires transitive tirl.core;
    requires org.tomlj;

    exports tirl.client;
    exports tirl.client.fwknop;
    exports tirl.client.profile;
    exports tirl.client.spa;
    exports tirl.client.visit;
}
