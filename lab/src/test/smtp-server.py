"""A real mail server that keeps what it takes: smtp-server.py FOLDER PORT MODE [CERT KEY]

MODE is none, starttls or tls. With TLS it wants the login ops, "correct horse"; by PLAIN on a TLS port, by LOGIN after
STARTTLS. Each mail is a file in FOLDER: the envelope in the first line, then the message. Refuses nobody@example.org.
"""

import asyncio
import os
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

folder, port, mode = sys.argv[1], int(sys.argv[2]), sys.argv[3]
context = None
if mode != "none":
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[4], sys.argv[5])


class Keeper:
    number = 0

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address == "nobody@example.org":
            return "550 5.1.1 nobody of that name"
        envelope.rcpt_tos.append(address)
        return "250 good"

    async def handle_DATA(self, server, session, envelope):
        Keeper.number += 1
        name = os.path.join(folder, "%03d" % Keeper.number)
        login = session.auth_data.login.decode() if session.authenticated else "-"
        tls = server.transport.get_extra_info("sslcontext") is not None
        head = "%s %s %s tls=%s\n" % (envelope.mail_from, ",".join(envelope.rcpt_tos), login, tls)
        with open(name + ".new", "wb") as file:
            file.write(head.encode() + envelope.content)
        os.rename(name + ".new", name + ".mail")
        return "250 taken"


def login(server, session, envelope, mechanism, data):
    good = isinstance(data, LoginPassword) and (data.login, data.password) == (b"ops", b"correct horse")
    return AuthResult(success=good, handled=False, auth_data=data)


def protocol():
    return SMTP(
        Keeper(),
        hostname="mail.test",
        tls_context=context if mode == "starttls" else None,
        require_starttls=mode == "starttls",
        auth_required=mode != "none",
        auth_require_tls=mode == "starttls",
        auth_exclude_mechanism=["PLAIN"] if mode == "starttls" else ["LOGIN"],
        authenticator=login,
    )


async def serve():
    server = await asyncio.get_running_loop().create_server(
        protocol, "127.0.0.1", port, ssl=context if mode == "tls" else None
    )
    print("listening", flush=True)
    await server.serve_forever()


asyncio.run(serve())
