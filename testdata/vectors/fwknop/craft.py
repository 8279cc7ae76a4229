#!/usr/bin/env python3
"""Writes the crafted-*.txt here: packets that no client sends, and what has to become of them. Needs openssl (AES only);
shares no code with the product."""
import base64, hashlib, hmac, os, subprocess

FOLDER = os.path.dirname(os.path.abspath(__file__))
KEY, MAC, SALT = b"fwknop-test-key-0123456789abcdef", bytes(range(64)), bytes.fromhex("0102030405060708")


def b64(raw):
    return base64.b64encode(raw).decode().rstrip("=")


def text(random="1234567890123456", user=b"alice", time="1795215388", version="3.0.0", kind="1",
         message=b"192.0.2.10,tcp/22", rest=(), digest="sha256"):
    covered = ":".join([random, b64(user), time, version, kind, b64(message), *rest])
    return covered + ":" + b64(hashlib.new(digest, covered.encode("latin1")).digest())


def encrypt(plain, pad=True, key=KEY):
    d = derived = b""
    while len(derived) < 48:
        d = hashlib.md5(d + key + SALT).digest()
        derived += d
    command = ["openssl", "enc", "-aes-256-cbc", "-K", derived[:32].hex(), "-iv", derived[32:].hex()]
    if not pad:
        command.append("-nopad")
    data = plain if isinstance(plain, bytes) else plain.encode("latin1")
    return b"Salted__" + SALT + subprocess.run(command, input=data, capture_output=True, check=True).stdout


def wire(container, mac=None):
    whole = b64(container)
    if mac:
        whole += b64(hmac.new(mac, whole.encode(), "sha256").digest())
    return whole[10:]


def write(name, why, packet, outcome, mac=None, plain=""):
    with open(os.path.join(FOLDER, "crafted-" + name + ".txt"), "w") as out:
        out.write("# %s\nkey: %s\nmode: CBC\nhmac-key: %s\nhmac: %s\nsalt: %s\nplain: %s\npacket: %s\noutcome: %s\n" % (
            why, KEY.hex(), mac.hex() if mac else "", "sha256" if mac else "", SALT.hex(), plain, packet, outcome))


def fields(name, why, outcome, **kw):
    plain = text(**kw)
    write(name, why, wire(encrypt(plain)), outcome, plain=plain if outcome == "opened" else "")


def main():
    good = wire(encrypt(text()))
    last = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    write("padding", "A replay with = put back.", good + "=", "alphabet")
    write("unused-bits", "A replay with another value in the unused last bits.",
          good[:-1] + last[last.index(good[-1]) + 1], "ciphertext")
    write("head", "The head was not cut off, as by 1.9.1 and older.", "U2FsdGVkX1" + good, "head")
    write("blank", "A blank in the middle.", good[:80] + " " + good[80:], "alphabet")
    write("url-safe", "The alphabet of HTTP paths outside of HTTP.", good.replace("/", "_").replace("+", "-"), "alphabet")
    write("short", "139 characters.", good[:139], "length")
    write("no-hmac", "The stanza wants an HMAC, the packet has none.", good, "hmac", MAC)
    signed = wire(encrypt(text()), MAC)
    write("hmac-unasked", "The packet has an HMAC, the stanza knows none.", signed, "ciphertext")
    write("hmac-key", "Another HMAC key.", wire(encrypt(text()), b"x"), "hmac", MAC)
    write("hmac-cut", "An HMAC without its last character.", signed[:-1], "hmac", MAC)
    write("hmac-only", "An HMAC over noise.", wire(b"Salted__" + bytes(range(120)), MAC), "random", MAC)
    write("hmac-no-container", "An HMAC over what does not begin with the magic word, whose first characters every receiver puts back.",
          wire(b"Salted_/" + bytes(range(120)), MAC), "hmac", MAC)
    write("key", "Another encryption key.", wire(encrypt(text(), key=b"x")), "random")
    unpadded = next(t for t in (text(user=b"a" * n) for n in range(1, 40)) if len(t) % 16 == 0)
    write("unpadded", "No padding to a text that fills its blocks, as by 2.0.x.", wire(encrypt(unpadded, pad=False)),
          "opened-not-made", plain=unpadded)
    write("more-padding", "Bytes of padding that say another length.",
          wire(encrypt(text().encode() + bytes([1, 3]) + bytes([3] * ((14 - len(text())) % 16)), pad=False)), "text")

    fields("random-15", "15 digits.", "random", random="123456789012345")
    fields("random-17", "17 digits.", "random", random="12345678901234567")
    fields("random-zero", "All zeros are a random number too.", "opened", random="0" * 16)
    fields("user-48", "The longest user name.", "opened", user=b"u" * 48)
    fields("user-49", "One more.", "user", user=b"u" * 49)
    fields("user-none", "No user name.", "user", user=b"")
    fields("user-semicolon", "A character that no user name has.", "user", user=b"a;b")
    fields("user-nul", "A NUL.", "user", user=b"a\0b")
    fields("user-newline", "A newline.", "user", user=b"a\nb")
    fields("time-12", "The longest time.", "opened", time="179521538800")
    fields("time-13", "One more digit.", "time", time="1795215388000")
    fields("time-negative", "Before 1970.", "time", time="-1795215388")
    fields("time-none", "No time.", "time", time="")
    fields("version-8", "The longest version.", "opened", version="2.0.2-rc")
    fields("version-9", "One more.", "version", version="2.0.2-rc1")
    fields("version-old", "1.9.12 sent this.", "opened", version="1.9.12")
    fields("type-7", "No such type.", "type", kind="7")
    fields("type-two-digits", "A second spelling of 1.", "type", kind="01")
    fields("auth", "Server authentication, a relic of 1.9.", "opened", rest=[b64(b"crypt,secret")])
    fields("auth-timeout", "The same before a timeout.", "opened", kind="3", rest=[b64(b"crypt,secret"), "60"])
    fields("auth-nul", "A NUL in it.", "auth", rest=[b64(b"a\0b")])
    fields("timeout-missing", "Type 3 without its timeout.", "fields", kind="3")
    fields("timeout-65536", "The longest timeout.", "opened", kind="3", rest=["65536"])
    fields("timeout-65537", "One more second.", "timeout", kind="3", rest=["65537"])
    fields("timeout-huge", "A huge number.", "timeout", kind="3", rest=["9" * 200])
    fields("timeout-negative", "Less than no time.", "timeout", kind="3", rest=["-1"])
    fields("timeout-unasked", "A command with a timeout: as server authentication it is no base64.", "auth", kind="0",
           message=b"192.0.2.10,id", rest=["60001"])
    fields("nat-missing", "Type 2 without its target.", "fields", kind="2")
    fields("nat-port-0", "Port 0.", "nat", kind="2", rest=[b64(b"10.0.0.5,0")])
    fields("nat-port-huge", "A huge number.", "nat", kind="2", rest=[b64(b"10.0.0.5,99999999999999999999")])
    fields("nat-two-commas", "Two targets.", "nat", kind="2", rest=[b64(b"10.0.0.5,80,81")])
    fields("nat-quote", "A host with a quote.", "nat", kind="2", rest=[b64(b"a'b,80")])
    fields("nat-host-71", "A host of 71 characters.", "nat", kind="2", rest=[b64(b"h" * 71 + b",80")])
    fields("nat-newline", "A newline.", "nat", kind="2", rest=[b64(b"10.0.0.5\n,80")])
    fields("fields-many", "More fields than any type has.", "fields", rest=["YQ"] * 5)
    few = "1234567890123456:dQ:1795215388:3.0.0:1"
    write("fields-few", "A message type and no message.",
          wire(encrypt(few + ":" + b64(hashlib.sha512(few.encode()).digest()))), "fields")
    fields("message-long", "193 characters.", "message", message=b"192.0.2.10" + b",tcp/22" * 26 + b"2")
    fields("message-no-port", "An address alone.", "message", message=b"192.0.2.10")
    fields("message-no-address", "A port alone.", "message", message=b"tcp/22")
    fields("message-name", "A name for an address.", "message", message=b"localhost,tcp/22")
    fields("message-octal", "010.0.0.1 is two addresses.", "message", message=b"010.0.0.1,tcp/22")
    fields("message-upper", "Upper case.", "message", message=b"192.0.2.10,TCP/22")
    fields("message-trailing-comma", "A comma at the end.", "message", message=b"192.0.2.10,tcp/22,")
    fields("message-trailing-blank", "A blank at the end.", "message", message=b"192.0.2.10,tcp/22 ")
    fields("message-icmp", "ICMP has no ports.", "message", message=b"192.0.2.10,icmp/0")
    fields("message-none", "What a client with neither port nor command makes.", "message", message=b"192.0.2.10,none/0")
    fields("message-port-0", "Port 0.", "message", message=b"192.0.2.10,tcp/0")
    fields("message-port-65536", "Port 65536.", "message", message=b"192.0.2.10,tcp/65536")
    fields("message-port-huge", "A huge number.", "message", message=b"192.0.2.10,tcp/" + b"9" * 100)
    fields("message-nul", "A NUL.", "message", message=b"192.0.2.10,tcp/22\0")
    fields("message-newline", "A newline.", "message", message=b"192.0.2.10,tcp/22\n")
    fields("message-source", "For whoever sends it.", "opened", message=b"0.0.0.0,tcp/22")
    fields("message-ipv6", "IPv6, which fwknop does not know.", "opened", message=b"2001:db8::7,tcp/22")
    fields("message-ipv6-respelled", "Another spelling of it.", "message", message=b"2001:DB8::7,tcp/22")
    fields("command-none", "No command.", "message", kind="0", message=b"192.0.2.10,")
    fields("command-newline", "A second line.", "message", kind="0", message=b"192.0.2.10,id\nreboot")
    fields("command-commas", "Commas are the command's own.", "opened", kind="0", message=b"192.0.2.10,a,b c")
    plain = text(kind="0", message=b"192.0.2.10," + b"c" * 150)
    write("command-long", "400 characters and more: fwknopd takes it for OpenPGP.", wire(encrypt(plain)), "opened-not-made",
          plain=plain)
    spelled = text().split(":")
    spelled[1] = spelled[1][:-1] + "V"
    covered = ":".join(spelled[:-1])
    write("user-respelled", "A field in a second spelling.",
          wire(encrypt(covered + ":" + b64(hashlib.sha256(covered.encode()).digest()))), "user")
    write("digest", "Another inner digest.", wire(encrypt(text()[:-43] + b64(hashlib.sha256(b"").digest()))), "digest")
    write("digest-length", "A digest of no known length.", wire(encrypt(text() + "AAAA")), "digest")
    write("nul", "A NUL in the text.", wire(encrypt(text(time="17952\0"))), "text")


main()
