"""Real mail servers on loopback with a certificate of their own authority: Dovecot for IMAP, aiosmtpd for SMTP."""

from __future__ import annotations

import imaplib
import os
import pwd
import shutil
import ssl
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from pathlib import Path
from queue import SimpleQueue
from typing import Any
from uuid import uuid4

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from helpdesk.desk.library import Queue
from helpdesk.desk.mail import imap
from tests.harness.packages import DOVECOT
from tests.harness.servers import free_port, stop, wait_for_port

HOST = "127.0.0.1"
PASSWORD = "una-contrasenya-de-proves"
LIMIT = 30.0
"""Seconds that a mail may take to arrive before the test has failed."""


@dataclass
class Authority:
    """Who signs the certificates; `ca_file` is what a client is told to trust."""

    folder: Path
    ca: trustme.CA = field(default_factory=trustme.CA)

    def __post_init__(self) -> None:
        leaf = self.ca.issue_cert(HOST, "localhost")
        self.ca_file, self.cert, self.key = (self.folder / name for name in ("ca.pem", "cert.pem", "key.pem"))
        self.ca.cert_pem.write_to_path(str(self.ca_file))
        leaf.cert_chain_pems[0].write_to_path(str(self.cert))
        leaf.private_key_pem.write_to_path(str(self.key))


# ---- IMAP ----


@dataclass
class Mailbox:
    """An account on the server."""

    user: str
    authority: Authority
    tls_port: int
    starttls_port: int

    def open(self) -> imaplib.IMAP4_SSL:
        context = ssl.create_default_context(cafile=str(self.authority.ca_file))
        line = imaplib.IMAP4_SSL(HOST, self.tls_port, ssl_context=context, timeout=LIMIT)
        line.login(self.user, PASSWORD)
        return line

    def put(self, raw: bytes, folder: str = "INBOX") -> None:
        """A mail arrives."""
        with self.open() as line:
            assert line.append(folder, None, None, raw)[0] == "OK"

    def count(self, folder: str = "INBOX", *, what: str = "ALL") -> int:
        with self.open() as line:
            if line.select(f'"{folder}"', readonly=True)[0] != "OK":
                return 0
            return len(line.search(None, what)[1][0].split())


@dataclass
class ImapServer:
    authority: Authority
    tls_port: int
    starttls_port: int

    def mailbox(self, user: str) -> Mailbox:
        """Any name is an account."""
        return Mailbox(user, self.authority, self.tls_port, self.starttls_port)


CONFIGURATION = """
protocols = imap
listen = 127.0.0.1
base_dir = {run}
log_path = {folder}/log
ssl = required
ssl_cert = <{cert}
ssl_key = <{key}
mail_location = maildir:{mail}/%u
namespace inbox {{
  inbox = yes
  separator = /
}}
first_valid_uid = 1
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={mail}/%u
}}
default_login_user = {login_user}
default_internal_user = {internal_user}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
  process_min_avail = 1
  inet_listener imap {{
    port = {starttls_port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
"""


@contextmanager
def dovecot() -> Iterator[ImapServer]:
    """An IMAP server that asks for TLS, and knows every account by one password."""
    folder = Path(tempfile.mkdtemp(prefix="agora-imap-"))
    folder.chmod(0o755)
    try:
        authority = Authority(folder)
        as_root = os.geteuid() == 0
        me = pwd.getpwuid(os.geteuid())
        keeper = pwd.getpwnam("mail") if as_root else me
        mail = folder / "mail"
        mail.mkdir()
        os.chown(mail, keeper.pw_uid, keeper.pw_gid)
        server = ImapServer(authority, tls_port=free_port(), starttls_port=free_port())
        configuration = folder / "dovecot.conf"
        configuration.write_text(
            CONFIGURATION.format(
                folder=folder, run=folder / "run", mail=mail, cert=authority.cert, key=authority.key,
                password=PASSWORD, uid=keeper.pw_uid, gid=keeper.pw_gid,
                login_user="dovenull" if as_root else me.pw_name,
                internal_user="dovecot" if as_root else me.pw_name,
                tls_port=server.tls_port, starttls_port=server.starttls_port,
            )
        )  # fmt: skip
        process = subprocess.Popen(
            [str(DOVECOT.path()), "-F", "-c", str(configuration)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            wait_for_port(server.tls_port, process, what="Dovecot")
            yield server
        finally:
            stop(process)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


# ---- SMTP ----


class SmtpServer:
    """Takes mail over STARTTLS only. `refuse` says with which answer an address is refused."""

    def __init__(self, authority: Authority) -> None:
        self.arrived: SimpleQueue[tuple[list[str], bytes]] = SimpleQueue()
        self.refuse: dict[str, str] = {}
        self._context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self._context.load_cert_chain(authority.cert, authority.key)
        self.authority = authority
        self.port = free_port()
        self._controller: Controller | None = None

    def start(self) -> None:
        self._controller = Controller(
            self, hostname=HOST, port=self.port, tls_context=self._context, require_starttls=True, auth_required=True,
            authenticator=self._authenticate,
        )  # fmt: skip
        self._controller.start()

    def stop(self) -> None:
        if self._controller:
            self._controller.stop(no_assert=True)
            self._controller = None

    def settings(self) -> dict[str, Any]:
        """What the product has to be told to send mail here."""
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "EMAIL_HOST": HOST,
            "EMAIL_PORT": self.port,
            "EMAIL_USE_TLS": True,
            "EMAIL_HOST_USER": "agora",
            "EMAIL_HOST_PASSWORD": PASSWORD,
            "EMAIL_TIMEOUT": LIMIT,
        }

    def next(self) -> EmailMessage:
        """The next mail that arrives; raises queue.Empty when none does."""
        return BytesParser(_class=EmailMessage, policy=default).parsebytes(self.next_raw())  # type: ignore[return-value]

    def next_raw(self) -> bytes:
        return self.arrived.get(timeout=LIMIT)[1]

    def is_quiet(self) -> bool:
        return self.arrived.empty()

    # The hooks that aiosmtpd calls.

    def _authenticate(self, _server: SMTP, _session: Session, _envelope: Envelope, _how: str, data: Any) -> AuthResult:
        return AuthResult(success=data.password == PASSWORD.encode())

    async def handle_RCPT(  # noqa: N802  aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if answer := self.refuse.get(address):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        self.arrived.put((envelope.rcpt_tos, envelope.content))
        return "250 OK"


@contextmanager
def smtp() -> Iterator[SmtpServer]:
    with tempfile.TemporaryDirectory(prefix="agora-smtp-") as folder:
        server = SmtpServer(Authority(Path(folder)))
        server.start()
        try:
            yield server
        finally:
            server.stop()


# ---- what tests ask for: import these where they are used ----


@pytest.fixture(scope="session")
def imap_server() -> Iterator[ImapServer]:
    if DOVECOT.path() is None:
        pytest.skip("Dovecot is not on this machine")
    with dovecot() as server:
        yield server


@pytest.fixture
def smtp_server(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[SmtpServer]:
    """A mail server that the product sends through, and believes because of its certificate."""
    with smtp() as server:
        monkeypatch.setenv("SSL_CERT_FILE", str(server.authority.ca_file))
        for name, value in server.settings().items():
            setattr(settings, name, value)
        yield server


@pytest.fixture
def queue_of(
    imap_server: ImapServer, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., tuple[Queue, Mailbox]]:
    """Make a queue with a mailbox on the server: `queue_of(slug, **columns)` → (queue, mailbox)."""

    def make(slug: str, *, password: str = PASSWORD, **columns: Any) -> tuple[Queue, Mailbox]:
        settings.MAIL_CA_FILE = str(imap_server.authority.ca_file)
        mailbox = imap_server.mailbox(f"{slug}-{uuid4().hex}")
        queue = Queue.objects.filter(slug=slug).first() or Queue(slug=slug, title=slug)
        settled = {
            "allow_email_submission": True,
            "email_box_type": "imap",
            "email_box_host": HOST,
            "email_box_port": imap_server.tls_port,
            "email_box_ssl": True,
            "email_box_user": mailbox.user,
            **columns,
        }
        for name, value in settled.items():
            setattr(queue, name, value)
        queue.save()
        monkeypatch.setenv(imap.variable_of(queue), password)
        return queue, mailbox

    return make
