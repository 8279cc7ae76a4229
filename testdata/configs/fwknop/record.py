#!/usr/bin/env python3
"""Asks Debian's fwknopd 2.6.10 what it makes of texts (fwknopd -D; needs root, touches no firewall). Prints blocks:
  conf: / access:  the lines of the two files
  out:  its settings, or
  err:  its refusal
One blank line between blocks. Seeded: every run asks the same."""
import os, random, re, subprocess, tempfile

B64 = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
FIXED = """SOURCE ANY|KEY abc   
SOURCE ANY|KEY a b c; d
SOURCE ANY|KEY: "abc"
source ANY|KEY abc
SOURCE ANY|KEY
SOURCE ANY
KEY abc|SOURCE ANY|KEY abc
SOURCE 10.0.0.0/8, 192.168.1.1,172.16.0.0/255.240.0.0|DESTINATION ANY|KEY abc
SOURCE any|KEY abc
SOURCE 10.0.0.0/33|KEY abc
SOURCE host|KEY abc
SOURCE ANY|KEY abc|KEY def12
SOURCE ANY|KEY abc|KEY_BASE64 ZGVmMTI=
SOURCE ANY|KEY_BASE64 ZGVmMTI
SOURCE ANY|KEY_BASE64 Z!!!
SOURCE ANY|KEY __CHANGEME__
SOURCE ANY|KEY abc|HMAC_KEY abc
SOURCE ANY|KEY abc|HMAC_KEY_BASE64 YWJj
SOURCE ANY|HMAC_KEY abc
SOURCE ANY|KEY abc|HMAC_KEY x|HMAC_DIGEST_TYPE SHA512
SOURCE ANY|KEY abc|HMAC_KEY x|HMAC_DIGEST_TYPE sha999
SOURCE ANY|KEY abc|ENCRYPTION_MODE ctr
SOURCE ANY|KEY abc|ENCRYPTION_MODE xyz
SOURCE ANY|KEY abc|FW_ACCESS_TIMEOUT 0
SOURCE ANY|KEY abc|FW_ACCESS_TIMEOUT 60s
SOURCE ANY|KEY abc|FW_ACCESS_TIMEOUT -5
SOURCE ANY|KEY abc|FW_ACCESS_TIMEOUT 99999999999
SOURCE ANY|KEY abc|FW_ACCESS_TIMEOUT 2000|MAX_FW_TIMEOUT 100
SOURCE ANY|KEY abc|OPEN_PORTS tcp/22,
SOURCE ANY|KEY abc|OPEN_PORTS 22
SOURCE ANY|KEY abc|OPEN_PORTS TCP/22
SOURCE ANY|KEY abc|OPEN_PORTS icmp/0
SOURCE ANY|KEY abc|OPEN_PORTS tcp/22-25
SOURCE ANY|KEY abc|RESTRICT_PORTS tcp/22 , udp/1
SOURCE ANY|KEY abc|REQUIRE_SOURCE Yes|ENABLE_CMD_EXEC y
SOURCE ANY|KEY abc|ENABLE_CMD_EXEC true
SOURCE ANY|KEY abc|ACCESS_EXPIRE 12/31/2030
SOURCE ANY|KEY abc|ACCESS_EXPIRE_EPOCH 1893456000
SOURCE ANY|KEY abc|FORCE_NAT 10.0.0.5
SOURCE ANY|KEY abc|FORCE_NAT 10.0.0.5 tcp/80
SOURCE ANY|KEY abc|FORCE_NAT host 80
SOURCE ANY|KEY abc|FORCE_NAT 10.0.0.5 80
SOURCE ANY|KEY abc|FORCE_SNAT 10.0.0.1
SOURCE ANY|KEY abc|FORCE_NAT 10.0.0.5 80|FORCE_SNAT 10.0.0.1|FORCE_MASQUERADE Y
SOURCE ANY|KEY abc|DISABLE_DNAT Y|FORWARD_ALL Y
SOURCE ANY|KEY abc|CMD_CYCLE_OPEN /bin/open $IP
SOURCE ANY|KEY abc|CMD_CYCLE_OPEN /bin/open $IP|CMD_CYCLE_CLOSE NONE
SOURCE ANY|KEY abc|CMD_CYCLE_OPEN /bin/open $IP; ls|CMD_CYCLE_CLOSE /bin/close $IP|CMD_CYCLE_TIMER 7
SOURCE ANY|KEY abc|CMD_EXEC_USER nobody
SOURCE ANY|GPG_DECRYPT_ID ABCD
SOURCE ANY|GPG_DECRYPT_ID ABCD|GPG_DECRYPT_PW x|GPG_REMOTE_ID 1234ABCD,5678ABCD
SOURCE ANY|KEY abc|SOURCE 10.0.0.1|KEY def
SOURCE ANY|KEY abc|BOGUS x|SHARED_SEQUENCE tcp/2005, udp/200""".split("\n")

CONFS = """MAX_SPA_PACKET_AGE x;
MAX_SPA_PACKET_AGE -1;
MAX_SPA_PACKET_AGE 60 # c
MAX_SPA_PACKET_AGE: 60
MAX_SPA_PACKET_AGE = 60
MAX_SPA_PACKET_AGE
PCAP_FILTER udp port 62201 or tcp port 80; x
PCAP_INTF   eth9
DIGEST_FILE $NOPE/x
DIGEST_FILE $FWKNOP_CONF_DIR/x;
DIGEST_FILE /x/$FWKNOP_CONF_DIR/x
ENABLE_UDP_SERVER N|ENABLE_UDP_SERVER Y
SYSLOG_FACILITY LOG_LOCAL9
SYSLOG_FACILITY LOG_LOCAL3|SYSLOG_IDENTITY knocks
  ENABLE_SPA_OVER_HTTP Y;
#ENABLE_SPA_OVER_HTTP Y;
BOGUS 1|EMAIL_ADDRESSES root@localhost
UDPSERV_PORT 5000;
ENABLE_SPA_PACKET_AGING N""".split("\n")

CHOICES = {
    "KEY": ["abcdefgh", "a b", "0123456789012345", "__CHANGEME__", "k;x"],
    "KEY_BASE64": [B64, "QUJD", "####"],
    "HMAC_KEY": ["hmachmachmac", "abcdefgh", "h h "],
    "HMAC_KEY_BASE64": [B64, "SE1BQw=="],
    "HMAC_DIGEST_TYPE": ["sha256", "md5", "SHA1", "sha384", "sha3_256", "sha3_512", "no"],
    "ENCRYPTION_MODE": ["CBC", "legacy", "OFB", "cfb", "ECB"],
    "OPEN_PORTS": ["tcp/22", "tcp/22,udp/53", "tcp/22, tcp/80", "tcp", "udp/x"],
    "RESTRICT_PORTS": ["tcp/25", "udp/123,tcp/1"],
    "FW_ACCESS_TIMEOUT": ["10", "600", "0", "1h", "x"],
    "MAX_FW_TIMEOUT": ["60", "5", "0"],
    "REQUIRE_USERNAME": ["bob", "a b"],
    "REQUIRE_SOURCE_ADDRESS": ["Y", "N", "yes", "1"],
    "DESTINATION": ["ANY", "192.0.2.1", "192.0.2.0/24", "x"],
    "ENABLE_CMD_EXEC": ["Y", "N"],
    "FORCE_NAT": ["10.0.0.5 80", "10.0.0.5 80 x", "10.0.0 80"],
    "FORCE_SNAT": ["10.0.0.1", "x"],
    "FORCE_MASQUERADE": ["Y"],
    "FORWARD_ALL": ["Y", "N"],
    "CMD_CYCLE_TIMER": ["30"],
    "NO_SUCH": ["1"],
}


def ask(conf, access, folder):
    paths = []
    for name, lines in (("fwknopd.conf", ["FWKNOP_RUN_DIR %s;" % folder] + conf), ("access.conf", access)):
        paths.append(os.path.join(folder, name))
        with open(paths[-1], "w") as out:
            out.write("\n".join(lines) + "\n")
        os.chmod(paths[-1], 0o600)
    run = subprocess.run(["fwknopd", "-c", paths[0], "-a", paths[1], "-D", "-f"], capture_output=True, text=True,
                         env=dict(os.environ, TZ="UTC"))
    said = (run.stdout + run.stderr).replace(folder, "FOLDER").splitlines()
    print("\n".join(["conf: " + line for line in conf] + ["access: " + line for line in access]))
    if run.returncode:
        print("err: " + next((line for line in said if line.startswith("[*]")), said[-1] if said else "?"))
    else:
        named = {line.split()[0] for line in conf if line.strip()}
        stanza = False
        for line in said:
            stanza = stanza or line.startswith("SOURCE (1)")
            match = re.match(r" *(?:\d+\. )?([A-Z0-9_]+(?: \(\w+\))?)(?: \(\d+\))? *[:=] +(.*)", line)
            if match and "<not set>" not in line and "see the access" not in line and (
                    stanza or match.group(1) in named):
                print("out: %s: %s" % (match.group(1), match.group(2).strip("'")))
    print()


def main():
    random.seed(19)
    with tempfile.TemporaryDirectory() as folder:
        for text in FIXED:
            ask([], text.split("|"), folder)
            ask(["ENABLE_IPT_FORWARDING Y;"], text.split("|"), folder)
        for text in CONFS:
            ask(text.split("|"), ["SOURCE ANY", "KEY abc"], folder)
        for _ in range(300):
            access = []
            for _ in range(random.choice([1, 1, 2, 3])):
                access.append("SOURCE " + random.choice(["ANY", "10.0.0.0/8", "10.0.0.1, 10.2.0.0/16", "ANY;"]))
                access.append("KEY " + random.choice(["secretsecret", "abcdefgh"]))
                for name in random.sample(sorted(CHOICES), random.randint(0, 5)):
                    access.append(name + random.choice([" ", "\t", ":  "]) + random.choice(CHOICES[name])
                                  + random.choice(["", "", ";"]))
            ask(random.choice([[], ["ENABLE_IPT_FORWARDING Y;"]]), access, folder)


main()
