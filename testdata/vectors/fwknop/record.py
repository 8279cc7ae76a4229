#!/usr/bin/env python3
"""Records packets of the real fwknop client (nothing is sent: --test). Prints one line per packet:

  mode|hmac type or -|digest|what was asked for|plaintext as the client prints it|packet

"all" makes every combination (2009), "some" the selection that is kept in client-matrix.txt.
Keys are those of README.md."""
import base64, itertools, os, re, subprocess, sys, tempfile

KEY = base64.b64encode(b"fwknop-test-key-0123456789abcdef").decode()
HMAC = base64.b64encode(bytes(range(64))).decode()
MODES = ["CBC", "ECB", "CFB", "OFB", "CTR", "legacy"]
DIGESTS = ["md5", "sha1", "sha256", "sha384", "sha512", "sha3_256", "sha3_512"]
REQUESTS = [
    ["-C", "touch /tmp/x"],
    ["-A", "tcp/22,udp/53"],
    ["-A", "tcp/8080", "-N", "10.1.2.3:80"],
    ["-A", "udp/65535", "-f", "77"],
    ["-A", "tcp/443", "-N", "web.example.org,8443", "-f", "3600"],
    ["-A", "tcp/22", "--nat-local", "--nat-port", "40000"],
    ["-A", "tcp/22", "--nat-local", "--nat-port", "40000", "-f", "9"],
]


def packet(mode, hmac, digest, request):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "packet")
        command = ["fwknop", "--no-rc-file", "--no-save-args", "--test", "--verbose", "-D", "127.0.0.1",
                   "-U", "alice", "-a", "192.0.2.10", "-B", path, "-M", mode, "-m", digest,
                   "--key-base64-rijndael", KEY] + request
        if hmac != "-":
            command += ["--key-base64-hmac", HMAC, "--hmac-digest-type", hmac]
        said = subprocess.run(command, capture_output=True, text=True, check=True,
                              env=dict(os.environ, HOME="/nonexistent")).stdout
        field = lambda name: re.search(name + r": (\S.*)", said).group(1)
        return field("Encoded Data") + ":" + field("SPA Data Digest"), open(path).read().strip()


def main():
    everything = sys.argv[1:] == ["all"]
    count = 0
    for mode, hmac, digest in itertools.product(MODES, ["-"] + DIGESTS, DIGESTS):
        if mode == "legacy" and hmac != "-":
            continue  # the client refuses it
        count += 1
        # Seven and the number of digests have no common rhythm with the count that steps through the requests.
        chosen = REQUESTS if everything or digest == "sha256" else [REQUESTS[count * 3 % 7]]
        for request in chosen:
            print("|".join([mode, hmac, digest, " ".join(request), *packet(mode, hmac, digest, request)]))


main()
