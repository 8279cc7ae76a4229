package tirl.cli;

import picocli.CommandLine.Option;
import tirl.client.fwknop.Values;
import tirl.client.fwknop.Variable;

/** The options of fwknop's client that set variables of its rc file. */
final class FwknopOptions {
    private final Values values = new Values();

    /** What was said, and nothing more. */
    Values values() {
        return values;
    }

    @Option(
            names = {"-A", "--access"},
            paramLabel = "PORTS",
            description = "what to open, such as tcp/22,udp/53")
    void access(String value) {
        values.set(Variable.ACCESS, value);
    }

    @Option(
            names = {"-a", "--allow-ip"},
            paramLabel = "ADDRESS",
            description = "whom to let in")
    void allowIp(String value) {
        values.set(Variable.ALLOW_IP, value);
    }

    @Option(
            names = {"-D", "--destination"},
            paramLabel = "HOST",
            description = "the fwknop server")
    void destination(String value) {
        values.set(Variable.SPA_SERVER, value);
    }

    @Option(
            names = {"-f", "--fw-timeout"},
            paramLabel = "SECONDS",
            description = "how long to open")
    void fwTimeout(String value) {
        values.set(Variable.FW_TIMEOUT, value);
    }

    @Option(
            names = {"-N", "--nat-access"},
            paramLabel = "HOST:PORT",
            description = "where the server leads the port to")
    void natAccess(String value) {
        values.set(Variable.NAT_ACCESS, value);
    }

    @Option(names = "--nat-port", paramLabel = "PORT", description = "the port of the server that leads there")
    void natPort(String value) {
        values.set(Variable.NAT_PORT, value);
    }

    @Option(
            names = {"-U", "--spoof-user"},
            paramLabel = "NAME",
            description = "user name in the packet")
    void spoofUser(String value) {
        values.set(Variable.SPOOF_USER, value);
    }

    @Option(
            names = {"-p", "--server-port"},
            paramLabel = "PORT",
            description = "default: 62201, with http 80")
    void serverPort(String value) {
        values.set(Variable.SPA_SERVER_PORT, value);
    }

    @Option(
            names = {"-P", "--server-proto"},
            paramLabel = "PROTO",
            description = "udp (default), tcp, http or icmp")
    void serverProto(String value) {
        values.set(Variable.SPA_SERVER_PROTO, value);
    }

    @Option(
            names = {"-S", "--source-port"},
            paramLabel = "PORT",
            description = "port that the packet comes from")
    void sourcePort(String value) {
        values.set(Variable.SPA_SOURCE_PORT, value);
    }

    @Option(
            names = {"-m", "--digest-type"},
            paramLabel = "HASH",
            description = "md5, sha1, sha256 (default), sha384, sha512, sha3_256, sha3_512")
    void digestType(String value) {
        values.set(Variable.DIGEST_TYPE, value);
    }

    @Option(
            names = {"-M", "--encryption-mode"},
            paramLabel = "MODE",
            description = "CBC (default), ECB, CFB, OFB, CTR, legacy")
    void encryptionMode(String value) {
        values.set(Variable.ENCRYPTION_MODE, value);
    }

    @Option(names = "--hmac-digest-type", paramLabel = "HASH", description = "as for --digest-type")
    void hmacDigestType(String value) {
        values.set(Variable.USE_HMAC, "Y");
        values.set(Variable.HMAC_DIGEST_TYPE, value);
    }

    @Option(
            names = {"-u", "--user-agent"},
            paramLabel = "TEXT",
            description = "what an HTTP request says who it is from")
    void userAgent(String value) {
        values.set(Variable.HTTP_USER_AGENT, value);
    }

    @Option(names = "--resolve-url", paramLabel = "URL", description = "what -R asks; it answers with an address")
    void resolveUrl(String value) {
        values.set(Variable.RESOLVE_URL, value);
    }

    @Option(
            names = {"-w", "--wget-cmd"},
            paramLabel = "PATH",
            description = "not needed: -R asks without wget")
    void wgetCmd(String value) {
        values.set(Variable.WGET_CMD, value);
    }

    @Option(
            names = {"-Q", "--spoof-source", "--spoof-src"},
            paramLabel = "ADDRESS",
            description = "not there: tirl does not forge packets")
    void spoofSource(String value) {
        values.set(Variable.SPOOF_SOURCE_IP, value);
    }

    @Option(
            names = {"-s", "--source-ip"},
            description = "let in whoever the packet comes from; -a is safer")
    void sourceIp(boolean given) {
        if (given) {
            values.set(Variable.ALLOW_IP, "source");
        }
    }

    @Option(
            names = {"-R", "--resolve-ip-https", "--resolve-ip-http"},
            description = "let in the address that --resolve-url answers with")
    void resolveIpHttps(boolean given) {
        if (given) {
            values.set(Variable.ALLOW_IP, "resolve");
        }
    }

    @Option(names = "--resolve-http-only", description = "not needed: the scheme of --resolve-url says it")
    void resolveHttpOnly(boolean given) {
        if (given) {
            values.set(Variable.RESOLVE_HTTP_ONLY, "Y");
        }
    }

    @Option(names = "--use-wget-user-agent", description = "not needed: -R asks without wget")
    void useWgetUserAgent(boolean given) {
        if (given) {
            values.set(Variable.USE_WGET_USER_AGENT, "Y");
        }
    }

    @Option(
            names = {"-r", "--rand-port"},
            description = "send to a random port")
    void randPort(boolean given) {
        if (given) {
            values.set(Variable.RAND_PORT, "Y");
        }
    }

    @Option(names = "--nat-local", description = "the server leads the port to one of its own")
    void natLocal(boolean given) {
        if (given) {
            values.set(Variable.NAT_LOCAL, "Y");
        }
    }

    @Option(names = "--nat-rand-port", description = "a random port of the server leads there")
    void natRandPort(boolean given) {
        if (given) {
            values.set(Variable.NAT_RAND_PORT, "Y");
        }
    }

    @Option(names = "--use-hmac", description = "authenticate the packet")
    void useHmac(boolean given) {
        if (given) {
            values.set(Variable.USE_HMAC, "Y");
        }
    }

    @Option(names = "--server-resolve-ipv4", description = "use no IPv6 address of the server")
    void serverResolveIpv4(boolean given) {
        if (given) {
            values.set(Variable.SERVER_RESOLVE_IPV4, "Y");
        }
    }

    @Option(names = "--no-save-args", description = "not needed: command lines are never kept")
    void noSaveArgs(boolean given) {
        if (given) {
            values.set(Variable.NO_SAVE_ARGS, "Y");
        }
    }

    @Option(
            names = "--time-offset-plus",
            paramLabel = "TIME",
            description = "the packet's time is so much later, such as 60sec or 2min")
    void timeOffsetPlus(String value) {
        values.set(Variable.TIME_OFFSET, value);
    }

    @Option(names = "--time-offset-minus", paramLabel = "TIME", description = "the packet's time is so much earlier")
    void timeOffsetMinus(String value) {
        values.set(Variable.TIME_OFFSET, "-" + value);
    }
}
