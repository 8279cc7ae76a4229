import org.jspecify.annotations.NullMarked;

/** The running program: wiring, the decision loop, the configuration file, the control socket. */
@NullMarked
@SuppressWarnings("requires-automatic") // tomlj names itself in its manifest only
module tirl.daemon {
    requires static transitive org.jspecify;
    requires transitive tirl.core;
    requires tirl.linux;
    requires transitive java.sql;
    requires jdk.net;
    requires jdk.unsupported;
    requires org.apache.commons.net;
    requires org.bouncycastle.pg;
    requires org.bouncycastle.provider;
    requires org.tomlj;
    requires org.xerial.sqlitejdbc;
    requires tools.jackson.jr.ob;

    exports tirl.daemon;
    exports tirl.daemon.background;
    exports tirl.daemon.command;
    exports tirl.daemon.config;
    exports tirl.daemon.control;
    exports tirl.daemon.doctor;
    exports tirl.daemon.hooks;
    exports tirl.daemon.join;
    exports tirl.daemon.journal;
    exports tirl.daemon.knockd;
    exports tirl.daemon.mail;
    exports tirl.daemon.onetime;
    exports tirl.daemon.pgp;
    exports tirl.daemon.store;
}
