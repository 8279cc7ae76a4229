#!/usr/bin/env python3
"""A second receiver of tirl SPA, version 1, written from docs/protocol/spa-v1.md: goes through all vectors beside it.

Needs Python 3.11 and the package "cryptography" (48 or newer, for ML-KEM). Prints what differs; exit 0 when nothing does.
"""
import hashlib
import hmac
import ipaddress
import pathlib
import sys

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

V = b"tirl-spa-v1 "


def mac(key, *parts):
    return hmac.digest(key, b"".join(parts), "sha256")


def extract(salt, ikm):
    return mac(salt or bytes(32), ikm)


def expand(prk, info, length):
    out, last = b"", b""
    while len(out) < length:
        last = mac(prk, last, info, bytes([len(out) // 32 + 1]))
        out += last
    return out[:length]


def dh(private, public):
    return X25519PrivateKey.from_private_bytes(private).exchange(X25519PublicKey.from_public_bytes(public))


def public_of(private):
    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def open_packet(packet, server, invitation, device, epoch_now):
    """The body, or the name of the step that fails."""
    if len(packet) not in (144, 1232):
        return "length"
    pk_s, peer = public_of(server), device or bytes(32)
    prk_i = extract(V + b"invitation", invitation)
    root = expand(prk_i, V + b"root" + pk_s, 32)
    if device:
        root = extract(expand(prk_i, V + b"enrolment" + pk_s, 32), dh(server, device))
    gate = expand(root, V + b"gate" + pk_s + peer, 32)
    psk = expand(root, V + b"psk" + pk_s + peer, 32)

    k_tok = expand(gate, V + b"token", 32)
    live = {mac(k_tok, e.to_bytes(8, "big"), bytes([b]))[i:i + 8]
            for e in (epoch_now - 1, epoch_now, epoch_now + 1) for b in range(4) for i in range(0, 32, 8)}
    token, check, salt, rest = packet[:8], packet[8:16], packet[16:32], packet[32:]
    if token not in live:
        return "token"
    if not hmac.compare_digest(check, mac(expand(gate, V + b"check", 32), token, salt, rest)[:8]):
        return "check"

    masked, sealed = rest[:-80], rest[-80:]
    stream = Cipher(algorithms.ChaCha20(mac(expand(gate, V + b"mask", 32), salt), bytes(16)), None).encryptor()
    clear = stream.update(masked)
    enc, ct = clear[:32], clear[32:]
    if ct:
        seed = expand(prk_i, V + b"ml-kem-768" + pk_s, 64)
        ss_m = MLKEM768PrivateKey.from_seed_bytes(seed).decapsulate(ct)
        letter, kem = b"H", b"\x64\x7a"
        shared = hashlib.sha3_256(ss_m + dh(server, enc) + enc + pk_s + b"\\.//^\\").digest()
    else:
        letter, kem = b"C", b"\x00\x20"
        eae = extract(b"", b"HPKE-v1KEM\x00\x20eae_prk" + dh(server, enc))
        shared = expand(eae, b"\x00\x20HPKE-v1KEM\x00\x20shared_secret" + enc + pk_s, 32)
    info = V + letter + b" " + pk_s
    base = b"HPKE-v1HPKE" + kem + b"\x00\x01\x00\x03"
    context = (b"\x01" + extract(b"", base + b"psk_id_hash" + V + b"peer " + peer)
               + extract(b"", base + b"info_hash" + info))
    secret = extract(shared, base + b"secret" + psk)
    key = expand(secret, b"\x00\x20" + base + b"key" + context, 32)
    nonce = expand(secret, b"\x00\x0c" + base + b"base_nonce" + context, 12)
    try:
        return ChaCha20Poly1305(key).decrypt(nonce, sealed, info + token + salt + masked)
    except InvalidTag:
        return "seal"


def judge(body, v):
    """Steps 6 to 8, and of step 9 what the vectors ask."""
    version, kind, flags, mode = body[:4]
    time_ms, counter = int.from_bytes(body[4:12], "big"), int.from_bytes(body[12:20], "big")
    v4, v6 = body[44:48], body[48:64]
    if version != 1 or kind not in (1, 2, 3, 4) or flags > 7 or mode > 3 or not counter:
        return "body"
    if (kind == 3) == ("device-public" in v):
        return "body"
    if kind < 3 and (mode == 0) == any(v4 + v6):
        return "body"
    late = int(v["now-ms"]) - time_ms
    if late > 90_000:
        return "stale"
    if late < -90_000:
        return "future"
    if time_ms < int(v["start-ms"]):
        return "before-start"
    accepted = [int(c) for c in v["accepted-before"].split()]
    if counter in accepted or counter <= max(accepted, default=0) - 256:
        return "replay"
    if kind != 1:
        return "opened"
    source = ipaddress.ip_address(v["source"]).packed
    same, other = (v4, v6) if len(source) == 4 else (v6, v4)
    if (mode == 2 and same != source) or (mode == 3 and not any(other)):
        return "address"
    known = {hashlib.sha256(V + b"service " + n.encode()).digest()[:4] for n in v["server-services"].split()}
    asked = {body[i:i + 4] for i in (24, 28, 32)} - {bytes(4)}
    return "opened" if asked <= known else "service"


def main():
    files = sorted(pathlib.Path(__file__).parent.glob("*.txt"))
    wrong = 0
    for file in files:
        lines = [line.split(":", 1) for line in file.read_text().splitlines() if not line.startswith("#")]
        v = {name: value.strip() for name, value in lines}
        b = {n: bytes.fromhex(v[n]) for n in ("packet", "receiver-private", "invitation", "device-public", "body") if n in v}
        got = open_packet(b["packet"], b["receiver-private"], b["invitation"], b.get("device-public"),
                          int(v["now-ms"]) // 600_000)
        if isinstance(got, bytes):
            got = judge(got, v) if got == b["body"] else "another body"
        if got != v["outcome"]:
            wrong += 1
            print(f"{file.name}: {got}, not {v['outcome']}")
    print(f"{len(files)} vectors, {wrong} wrong")
    return 1 if wrong or not files else 0


sys.exit(main())
