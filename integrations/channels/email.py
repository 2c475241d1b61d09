"""E-mail over SMTP (RFC 5321), text and HTML, one Message-ID over all attempts, one-click unsubscribe (RFC 8058)."""

from __future__ import annotations

import hashlib
import html
import smtplib
import socket
import ssl
from collections.abc import Mapping, Sequence
from email.headerregistry import Address as MailAddress
from email.message import EmailMessage
from email.utils import format_datetime, localtime
from typing import Any, ClassVar

from integrations import address
from integrations.channel import ACT, Message, Outcome, OutcomeState, Recipient, channel, same_for_all

SECONDS = 20.0  # smtplib waits for ever unless told otherwise


class _Checked(smtplib.SMTP):
    """An SMTP client that connects to the checked address and still greets and verifies the name."""

    checked: address.Address

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:  # noqa: ARG002 smtplib's signature
        return socket.create_connection((self.checked.ip, self.checked.port), timeout)


@channel("email")
class Email:
    """Send an e-mail; each recipient is refused or accepted by itself, as the server answers."""

    title: ClassVar[str] = "电子邮件"
    title_en: ClassVar[str] = "E-mail"
    icon: ClassVar[str] = "mail"
    address: ClassVar[str] = "email"
    schema: ClassVar[dict[str, Any]] = {
        "type": "object",
        "additionalProperties": False,
        "required": ["host", "sender"],
        "properties": {
            "host": {"type": "string", "title": "SMTP 服务器", "title_en": "SMTP server", "minLength": 1},
            "port": {
                "type": "integer",
                "title": "端口",
                "title_en": "Port",
                "minimum": 1,
                "maximum": 65535,
                "default": 465,
            },
            "security": {
                "enum": ["tls", "starttls", "none"],
                "title": "加密方式",
                "title_en": "Encryption",
                "default": "tls",
            },
            "username": {"type": "string", "title": "账号", "title_en": "User name"},
            "password": {"type": "string", "title": "密码或授权码", "title_en": "Password", "secret": True},
            "sender": {"type": "string", "title": "发件人", "title_en": "Sender", "format": "email"},
            "sender_name": {"type": "string", "title": "发件人名称", "title_en": "Sender's name", "default": "备货"},
        },
    }
    example: ClassVar[dict[str, Any]] = {
        "host": "smtp.example.com",
        "port": 465,
        "security": "tls",
        "sender": "beihuo@example.com",
    }

    @staticmethod
    def send(message: Message, to: Sequence[Recipient], settings: Mapping[str, Any]) -> list[Outcome]:
        """Send one mail per recipient over one connection, so that nobody sees another's address or action link."""
        outcomes: list[Outcome] = []
        try:
            with _connect(settings) as server:
                outcomes.extend(_send_one(server, message, recipient, settings) for recipient in to)
        except address.AddressRefused as error:
            return same_for_all(to, OutcomeState.PERMANENT, "address", str(error))
        except smtplib.SMTPAuthenticationError as error:
            return same_for_all(to, OutcomeState.PERMANENT, str(error.smtp_code), _text(error.smtp_error))
        except (OSError, smtplib.SMTPException) as error:
            # Whoever has an outcome keeps it: a connection that breaks at the third mail does not send the first again.
            waiting = to[len(outcomes) :]
            return outcomes + same_for_all(waiting, OutcomeState.RETRY, type(error).__name__, str(error))
        return outcomes


def _connect(settings: Mapping[str, Any]) -> smtplib.SMTP:
    security = settings.get("security", "tls")
    checked = address.resolve(settings["host"], settings.get("port", 465))
    client = _Checked(timeout=SECONDS)
    client.checked = checked
    context = ssl.create_default_context()
    if security == "tls":
        plain = socket.create_connection((checked.ip, checked.port), SECONDS)
        client.sock = context.wrap_socket(plain, server_hostname=checked.host)
        client.file = None
        code, greeting = client.getreply()
        if code != 220:
            raise smtplib.SMTPConnectError(code, greeting)
    else:
        code, greeting = client.connect(checked.host, checked.port)
        if code != 220:
            raise smtplib.SMTPConnectError(code, greeting)
        if security == "starttls":
            client._host = checked.host  # type: ignore[attr-defined]  # noqa: SLF001 starttls verifies this name
            client.starttls(context=context)
    if settings.get("username"):
        client.login(settings["username"], settings.get("password", ""))
    return client


def _send_one(server: smtplib.SMTP, message: Message, recipient: Recipient, settings: Mapping[str, Any]) -> Outcome:
    mail = compose(message, recipient, settings)
    provider_id = mail["Message-ID"]
    try:
        server.send_message(mail)
    except smtplib.SMTPRecipientsRefused as error:
        code, text = next(iter(error.recipients.values()))
        return Outcome(recipient.person, _state(code), str(code), _text(text), provider_id)
    except smtplib.SMTPResponseException as error:
        return Outcome(
            recipient.person, _state(error.smtp_code), str(error.smtp_code), _text(error.smtp_error), provider_id
        )
    except (smtplib.SMTPServerDisconnected, TimeoutError) as error:
        # The data may have arrived: the next attempt carries the same Message-ID, by which servers recognise a repeat.
        return Outcome(recipient.person, OutcomeState.UNKNOWN, type(error).__name__, str(error), provider_id)
    return Outcome(recipient.person, OutcomeState.ACCEPTED, "250", "", provider_id)


def compose(message: Message, recipient: Recipient, settings: Mapping[str, Any]) -> EmailMessage:
    """Return the mail that *recipient* gets; the same message composed twice has the same Message-ID."""
    sender = settings["sender"]
    domain = sender.rpartition("@")[2] or "localhost"
    digest = hashlib.sha256(f"{message.key}\0{recipient.person}".encode()).hexdigest()[:32]
    mail = EmailMessage()
    mail["Subject"] = " ".join(message.title.split())
    mail["From"] = MailAddress(settings.get("sender_name", "备货"), addr_spec=sender)
    mail["To"] = MailAddress(recipient.name, addr_spec=recipient.address)
    mail["Date"] = format_datetime(localtime())
    mail["Message-ID"] = f"<{digest}@{domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    if message.data.get("unsubscribe"):
        mail["List-Unsubscribe"] = f"<{message.data['unsubscribe']}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    text = message.body + (f"\n\n{ACT[message.language]}: {message.link}" if message.link else "")
    mail.set_content(text)
    mail.add_alternative(message.html or _as_html(message), subtype="html")
    return mail


def _as_html(message: Message) -> str:
    paragraphs = "".join(f"<p>{html.escape(line)}</p>" for line in message.body.splitlines() if line.strip())
    button = ""
    if message.link:
        style = "display:inline-block;padding:12px 24px;background:#1f5eff;color:#fff;border-radius:6px;text-decoration:none"
        button = f'<p><a href="{html.escape(message.link)}" style="{style}">{ACT[message.language]}</a></p>'
    language = "zh-CN" if message.language == "zh" else "en"
    return f'<!doctype html><html lang="{language}"><body><h3>{html.escape(message.title)}</h3>{paragraphs}{button}</body></html>'


def _state(code: int) -> OutcomeState:
    """Map an SMTP reply: 4yz is for now, 5yz for good (RFC 5321 section 4.2.1)."""
    return OutcomeState.RETRY if 400 <= code < 500 else OutcomeState.PERMANENT


def _text(reply: bytes | str) -> str:
    return reply.decode(errors="replace") if isinstance(reply, bytes) else reply
