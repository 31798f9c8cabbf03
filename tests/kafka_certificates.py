"""Invented certificates for a broker and its clients, made anew for each session: good, expired, and of a stranger."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID


@dataclass(frozen=True, slots=True)
class Issued:
    """A certificate with its key: as two files, and as the one file that Kafka reads."""

    certificate: Path
    key: Path
    both: Path


class Authority:
    """A certificate authority of its own in a folder; its certificate is `ca`."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder, self._name = folder, x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self._key = generate_private_key(SECP256R1())
        now = datetime.now(UTC)
        own = self._builder(self._name, self._key, now - timedelta(days=400), now + timedelta(days=1))
        own = own.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        signs = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
        certificate = own.add_extension(signs, critical=True).sign(self._key, SHA256())
        self.ca = folder / f"{name}.ca.pem"
        self.ca.write_bytes(certificate.public_bytes(Encoding.PEM))

    def issue(self, name: str, *, expired: bool = False) -> Issued:
        """For this name and 127.0.0.1; valid today, or until yesterday."""
        key, now = generate_private_key(SECP256R1()), datetime.now(UTC)
        ends = now - timedelta(days=1) if expired else now + timedelta(days=1)
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        places = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
        built = self._builder(subject, key, now - timedelta(days=30), ends).add_extension(places, critical=False)
        certificate = built.sign(self._key, SHA256()).public_bytes(Encoding.PEM)
        private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        stem = self._folder / f"{name}{'-expired' * expired}"
        issued = Issued(stem.with_suffix(".crt"), stem.with_suffix(".key"), stem.with_suffix(".pem"))
        for path, content in zip(
            (issued.certificate, issued.key, issued.both), (certificate, private, private + certificate), strict=True
        ):
            path.write_bytes(content)
            path.chmod(0o600)
        return issued

    def _builder(
        self, subject: x509.Name, key: EllipticCurvePrivateKey, begins: datetime, ends: datetime
    ) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(begins)
            .not_valid_after(ends)
        )
