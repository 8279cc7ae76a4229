import org.jspecify.annotations.NullMarked;

/** The {@code tirl} command: options and output, thin. */
@NullMarked
@SuppressWarnings("requires-automatic") // zxing names itself in its manifest only
module tirl.cli {
    requires static transitive org.jspecify;
    requires com.google.zxing;
    requires info.picocli;
    requires tirl.client;
    requires tirl.daemon;
    requires tirl.linux;

    opens tirl.cli to
            info.picocli;
}
