"""How the mail server is spoken to: encrypted, with a password or without, and `mail-test`, which tells of it."""

import datetime as dt
import ipaddress
import ssl
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from portal.errors import ConfigurationError
from portal.mail import trial
from portal.mail.delivery import line
from portal.mail.models import Message
from portal.mail.rules import Fate, Outcome
from portal.settings import Settings
from tests.mail.server import Mailbox, free_port, listening

Url = Callable[..., Settings]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of 127.0.0.1, signed by itself; the key stands below it."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail")])
    names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    at = dt.datetime.now(dt.UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(at - dt.timedelta(days=1))
    builder = builder.not_valid_after(at + dt.timedelta(days=1)).add_extension(names, critical=False)
    made = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    path = tmp_path_factory.mktemp("tls") / "mail.pem"
    pem = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    path.write_bytes(made.sign(key, hashes.SHA256()).public_bytes(pem[0]) + key.private_bytes(*pem))
    return path


@pytest.fixture
def context(certificate: Path) -> ssl.SSLContext:
    made = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    made.load_cert_chain(certificate)
    return made


@pytest.fixture
def trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As an administrator makes a certificate known to this machine."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))


@pytest.fixture
def url(settings: Settings) -> Url:
    return lambda text: settings.model_copy(update={"smtp_url": text})


def handed_over(settings: Settings) -> Outcome:
    message = Message(address="a@example.org", language="en", template="t", subject="s", text="t")
    with line(settings) as opened:
        return opened.deliver(message)


@pytest.mark.usefixtures("trusted")
def test_starttls_is_used_where_it_is_offered(mailbox: Mailbox, context: ssl.SSLContext, url: Url) -> None:
    with listening(mailbox, starttls=context) as port:
        assert handed_over(url(f"smtp://user:word@127.0.0.1:{port}?tls=required")).fate is Fate.SENT
        assert handed_over(url(f"smtp://127.0.0.1:{port}")).fate is Fate.SENT
    assert mailbox.encryption == ["encrypted", "encrypted"]
    assert mailbox.names == ["user", ""]


@pytest.mark.usefixtures("trusted")
def test_encrypted_from_the_start(mailbox: Mailbox, context: ssl.SSLContext, url: Url) -> None:
    with listening(mailbox, tls=context) as port:
        assert handed_over(url(f"smtps://127.0.0.1:{port}")).fate is Fate.SENT
    assert mailbox.encryption == ["encrypted"]


def test_a_certificate_that_nobody_knows_gets_no_message(mailbox: Mailbox, context: ssl.SSLContext, url: Url) -> None:
    with listening(mailbox, starttls=context) as port:
        outcome = handed_over(url(f"smtp://user:word@127.0.0.1:{port}"))
    assert outcome.fate is Fate.UNTRIED
    assert "CERTIFICATE_VERIFY_FAILED" in outcome.reason
    assert mailbox.envelopes == []


def test_a_server_without_encryption_is_refused_where_it_is_required(mailbox: Mailbox, url: Url) -> None:
    with listening(mailbox) as port:
        outcome = handed_over(url(f"smtp://127.0.0.1:{port}?tls=required"))
        assert handed_over(url(f"smtp://127.0.0.1:{port}")).fate is Fate.SENT
    assert outcome == Outcome(
        Fate.UNTRIED, "the mail server offers no encryption (STARTTLS), so it was given no message"
    )
    assert len(mailbox.envelopes) == 1


@pytest.mark.usefixtures("trusted")
def test_a_wrong_password_is_the_servers_matter_and_is_not_repeated(
    mailbox: Mailbox, context: ssl.SSLContext, url: Url
) -> None:
    with listening(mailbox, starttls=context) as port:
        outcome = handed_over(url(f"smtp://user:secret@127.0.0.1:{port}"))
    assert outcome.fate is Fate.UNTRIED
    assert outcome.reason.startswith("535 ")
    assert "secret" not in outcome.reason


@pytest.mark.usefixtures("trusted")
def test_the_trial_tells_each_step(mailbox: Mailbox, context: ssl.SSLContext, url: Url) -> None:
    mailbox.data_answer = "250 queued as 4XYZ"
    with listening(mailbox, starttls=context) as port:
        told = list(trial.steps(url(f"smtp://user:word@127.0.0.1:{port}"), "me@example.org"))
        assert told[0] == f"Connected to 127.0.0.1, port {port}."
    assert told[1].startswith("Encrypted with TLSv1.")
    assert told[2:] == ["Signed in as user.", "The server took the message: 250 queued as 4XYZ"]
    (mail,) = mailbox.mails
    assert mail["To"] == "me@example.org"


def test_the_trial_says_what_was_not_done(mailbox: Mailbox, url: Url) -> None:
    with listening(mailbox) as port:
        told = list(trial.steps(url(f"smtp://127.0.0.1:{port}"), "me@example.org"))
    assert "Not encrypted" in told[1] and "Not signed in" in told[2]


def test_what_fails_is_one_sentence(mailbox: Mailbox, url: Url) -> None:
    with pytest.raises(ConfigurationError, match="PORTAL_SMTP_URL is empty"):
        list(trial.steps(url(""), "me@example.org"))
    with pytest.raises(ConfigurationError, match="ConnectionRefusedError"):
        list(trial.steps(url(f"smtp://127.0.0.1:{free_port()}"), "me@example.org"))
    mailbox.recipient_answer = "550 no such user here"
    with listening(mailbox) as port:
        with pytest.raises(ConfigurationError, match="550 no such user here"):
            list(trial.steps(url(f"smtp://127.0.0.1:{port}"), "me@example.org"))
        with pytest.raises(ConfigurationError, match="no e-mail address"):
            list(trial.steps(url(f"smtp://127.0.0.1:{port}"), "nobody"))


@pytest.mark.parametrize(
    "wrong",
    ["mail.example.org", "smtp://", "smtp://host:port", "smtp://host?tls=maybe", "http://host", "smtp://host:0"],
)
def test_an_address_that_is_no_mail_servers_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="STARTTLS"):
        Settings(demonstration=True, smtp_url=wrong)
