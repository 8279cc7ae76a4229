package tirl.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A server whose kernel alone keeps the doors: compiled rules are loaded and no daemon runs. */
final class CompiledSite implements AutoCloseable {
    /** By what rules are loaded. */
    enum Kernel {
        NFT,
        /** Debian's default: the words of iptables, nftables in the kernel. */
        IPTABLES_NFT,
        IPTABLES_LEGACY;

        List<String> programs() {
            return switch (this) {
                case NFT -> List.of("nft");
                case IPTABLES_NFT -> List.of("iptables-nft", "ip6tables-nft");
                case IPTABLES_LEGACY -> List.of("iptables-legacy", "ip6tables-legacy");
            };
        }

        String target() {
            return this == NFT ? "nft" : "iptables";
        }
    }

    final Network network = Network.create();
    private final Kernel kernel;
    private final Path directory;
    private final EchoService ssh;
    private final EchoService dns;

    private CompiledSite(Kernel kernel) throws IOException {
        this.kernel = kernel;
        directory = Files.createTempDirectory("tl");
        ssh = EchoService.listen(network.server(), Site.SSH);
        dns = EchoService.listen(network.server(), Site.DNS);
    }

    /** Compiles the configuration as a user would, and loads what comes out. */
    static CompiledSite load(Kernel kernel, String config, String... options) throws IOException {
        CompiledSite site = empty(kernel);
        site.compile(config, options).orThrow();
        site.load(site.rules());
        return site;
    }

    /** Nothing is guarded yet. */
    static CompiledSite empty(Kernel kernel) throws IOException {
        return new CompiledSite(kernel);
    }

    /** Writes the rules of this configuration to {@link #rules}. */
    Output compile(String config, String... options) {
        return compileTo(config, Stream.concat(Stream.of(options), Stream.of("-o", rules().toString())));
    }

    Output diff(String config, String... options) {
        return compileTo(config, Stream.concat(Stream.of(options), Stream.of("--diff")));
    }

    private Output compileTo(String config, Stream<String> options) {
        Path file = directory.resolve("tirl.toml");
        try {
            Files.writeString(file, "[daemon]\ninterfaces = [\"srv0\"]\n" + config);
        } catch (IOException e) {
            throw new LabException("could not write " + file, e);
        }
        List<String> words = new ArrayList<>(
                List.of(TirlProcess.launcher(), "compile", "--to", kernel.target(), "-c", file.toString()));
        options.forEach(words::add);
        return network.server().run(words.toArray(String[]::new));
    }

    Path rules() {
        return directory.resolve("rules");
    }

    void load(Path file) {
        for (String program : kernel.programs()) {
            if (kernel == Kernel.NFT) {
                network.server().ask(program, "-f", file.toString());
            } else {
                network.server().ask(program + "-restore", "--noflush", file.toString());
            }
        }
    }

    /** Everything that the kernel has by this kind of rules, with handles where there are some. */
    String listed() {
        StringBuilder all = new StringBuilder();
        for (String program : kernel.programs()) {
            all.append(
                    kernel == Kernel.NFT
                            ? network.server().ask(program, "-a", "list", "ruleset")
                            : network.server()
                                    .ask(program + "-save")
                                    .replaceAll("(?m)^#.*\n", "")
                                    .replaceAll("\\[\\d+:\\d+]", ""));
        }
        return all.toString();
    }

    String address(String family) {
        return family.equals("ipv6")
                ? network.wire().serverIpv6()
                : network.wire().serverIpv4();
    }

    boolean isOpen(Client client, String family) {
        return client.reach(address(family), Site.SSH, Site.PROBE) == Reach.OPEN;
    }

    @Override
    public void close() {
        ssh.close();
        dns.close();
        network.close();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
            Files.delete(directory);
        } catch (IOException e) {
            throw new LabException("could not remove " + directory, e);
        }
    }
}
