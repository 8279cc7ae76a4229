package tirl.cli;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tirl.client.profile.Profile;
import tirl.client.profile.ProfileException;
import tirl.client.visit.Splice;
import tirl.client.visit.Visit;

@Command(
        name = "proxy",
        mixinStandardHelpOptions = true,
        description = {
            "Knock, connect as soon as the port opens, and pass everything between the connection and standard input "
                    + "and output: what ssh wants of a ProxyCommand."
        },
        footer = {
            "",
            "Example, in ~/.ssh/config:",
            "  Host gate.example",
            "      ProxyCommand tirl proxy %h %p",
        })
final class ProxyCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "HOST", description = "the name of a profile, or the host of one")
    private String host = "";

    @Parameters(index = "1", paramLabel = "PORT", description = "the port to connect to")
    private int port;

    private final ProfileOptions options = new ProfileOptions();

    @Override
    public Integer call() throws ProfileException, IOException, InterruptedException {
        Profile profile = options.profiles().find(host);
        try (Visit visit = options.visit(profile, SpaOptions.usual(), Duration.ZERO);
                SocketChannel connection = visit.connect(port, options.patience());
                // System.out would print, and buffer.
                FileInputStream in = new FileInputStream(FileDescriptor.in);
                FileOutputStream out = new FileOutputStream(FileDescriptor.out)) {
            Splice.run(connection, in, out);
        }
        return 0;
    }
}
