"""Whether a broker lets us in, and if not, why and what to do: asked once before a client is made.

A client of kafka-python tries again for half a minute and then says that it could not; what the broker had said is
lost. So we go through the door once ourselves: connection, TLS, certificate, name and password.
"""

import socket
import ssl

from kafka.net.sasl import get_sasl_mechanism

from pnr_pipeline.errors import StoreFault, UsageFault
from pnr_pipeline.stores.kafka.settings import KafkaSettings

SECONDS = 10.0
SCRAM = "SCRAM-SHA-512"
_API_VERSIONS, _SASL_HANDSHAKE, _SASL_AUTHENTICATE = 18, 17, 36
_ANSWER_BYTES_MAX = 1 << 20


def knock(settings: KafkaSettings, password: str) -> None:
    """Go in by the first server that is there; StoreFault where none is, or what is there does not let us in."""
    silent: list[str] = []
    for host, port in settings.places:
        try:
            line = socket.create_connection((host, port), SECONDS)
        except OSError as fault:
            silent.append(f"{host}:{port} {fault.strerror or type(fault).__name__}")
            continue
        with line:
            _go_in(line, host, f"{host}:{port}", settings, password)
        return
    raise StoreFault(f"Kafka does not answer ({'; '.join(silent)}): is it running, and are `servers` right?")


def tls_context(settings: KafkaSettings) -> ssl.SSLContext:
    """TLS 1.2 or later that checks the broker's certificate and name; UsageFault where our own files are no good."""
    try:
        context = ssl.create_default_context(cafile=settings.ca)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if settings.certificate:
            context.load_cert_chain(settings.certificate, settings.key)
    except (OSError, ssl.SSLError) as fault:
        what = getattr(fault, "reason", None) or fault.strerror or type(fault).__name__
        raise UsageFault(f"ca, certificate or key of Kafka cannot be read: {what}") from None
    return context


def _go_in(line: socket.socket, host: str, place: str, settings: KafkaSettings, password: str) -> None:
    if settings.security == "plain":
        _asked(line, place, _API_VERSIONS, 0, b"")
        return
    context = tls_context(settings)
    try:
        with context.wrap_socket(line, server_hostname=host) as secure:
            _asked(secure, place, _API_VERSIONS, 0, b"")  # a broker refuses our certificate with its first answer
            if settings.security == "sasl_tls":
                _sign_in(secure, place, settings.user, password)
    except ssl.SSLCertVerificationError as fault:
        raise StoreFault(f"Kafka at {place}: its certificate is refused: {_why(fault, place)}") from None
    except ssl.SSLError as fault:
        raise StoreFault(f"Kafka at {place}: {_told(fault)}") from None


def _why(fault: ssl.SSLCertVerificationError, place: str) -> str:
    text = fault.verify_message
    if "expired" in text:
        return "it has expired; the broker needs a new one"
    if "mismatch" in text.lower():
        return f"it is not made out to {place.rpartition(':')[0]}; correct `servers`, or the certificate's names"
    if "issuer" in text or "self-signed" in text or "self signed" in text:
        return "nobody known to us signed it; `ca` must name the file of the broker's certificate authority"
    return text


def _told(fault: ssl.SSLError) -> str:
    reason = (fault.reason or "").upper()
    if "EXPIRED" in reason:
        return "our certificate has expired: get a new one and name it in `certificate`"
    if "UNKNOWN_CA" in reason or "BAD_CERTIFICATE" in reason or "CERTIFICATE_UNKNOWN" in reason:
        return (
            "our certificate is refused (expired, or of an authority that the broker does not know): see `certificate`"
        )
    if "CERTIFICATE_REQUIRED" in reason:
        return "it wants a certificate of ours: set `certificate` and `key`, and security = tls"
    if "WRONG_VERSION" in reason or "UNEXPECTED_EOF" in reason:
        return "it speaks no TLS on this port: take the port of its TLS listener"
    return f"TLS failed ({fault.reason})"


def _sign_in(line: socket.socket, place: str, user: str, password: str) -> None:
    """SCRAM in both directions: the broker proves that it knows the password, too."""
    answer = _asked(line, place, _SASL_HANDSHAKE, 1, _text(SCRAM))
    if _number(answer):
        raise StoreFault(f"Kafka at {place} takes no {SCRAM}: its listener needs it in sasl.enabled.mechanisms")
    scram = get_sasl_mechanism(SCRAM)(
        sasl_mechanism=SCRAM, sasl_plain_username=user, sasl_plain_password=password, security_protocol="SASL_SSL"
    )
    refused = f"Kafka at {place} knows no user {user} with this password: see `user`, and the secret kafka-password"
    while not scram.is_done():
        token = scram.auth_bytes()
        answer = _asked(line, place, _SASL_AUTHENTICATE, 0, len(token).to_bytes(4, "big") + token)
        if _number(answer):
            raise StoreFault(refused)
        told = int.from_bytes(answer[2:4], "big", signed=True)
        start = 4 + max(told, 0) + 4
        try:
            scram.receive(answer[start:])
        except ValueError:
            raise StoreFault(f"{refused}; or this is not the broker that it was") from None


def _asked(line: socket.socket, place: str, api: int, version: int, body: bytes) -> bytes:
    """One request of Kafka's protocol and its answer; StoreFault where the line is cut."""
    request = api.to_bytes(2, "big") + version.to_bytes(2, "big") + bytes(4) + _text("pnr") + body
    wanted = "TLS" if isinstance(line, ssl.SSLSocket) else "plain"
    cut = f"Kafka at {place} hung up: is it the port of a {wanted} listener?"
    try:
        line.sendall(len(request).to_bytes(4, "big") + request)
        length = int.from_bytes(_read(line, 4), "big")
        if not 4 <= length <= _ANSWER_BYTES_MAX:
            raise StoreFault(cut)
        return _read(line, length)[4:]
    except ssl.SSLError:
        raise
    except (OSError, EOFError):
        raise StoreFault(cut) from None


def _read(line: socket.socket, length: int) -> bytes:
    parts = []
    while length:
        part = line.recv(length)
        if not part:
            raise EOFError
        parts.append(part)
        length -= len(part)
    return b"".join(parts)


def _text(text: str) -> bytes:
    return len(text).to_bytes(2, "big") + text.encode()


def _number(answer: bytes) -> int:
    return int.from_bytes(answer[:2], "big", signed=True)
