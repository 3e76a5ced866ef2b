"""The TLS contexts of mail connections: the certificate is always verified."""

from __future__ import annotations

import ssl
from pathlib import Path

from app.mail.errors import CertificateRefused


def tls_context(ca_file: Path | None = None) -> ssl.SSLContext:
    """TLS 1.2 or newer, certificate and host name checked against the system's authorities and those in `ca_file`.

    A file that holds the server's own certificate is enough. Raises CertificateRefused if the file cannot be read.
    """
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if ca_file is not None:
        try:
            context.load_verify_locations(cafile=ca_file)
        except (OSError, ssl.SSLError) as error:  # SSLError is an OSError too; both are named for the reader
            raise CertificateRefused(f"the CA file cannot be read: {ca_file}: {error}") from error
        # Whoever names a file trusts what is in it: an intermediate or the server's own certificate, and private CAs
        # whose certificates lack extensions that VERIFY_X509_STRICT (default since Python 3.13) asks for.
        context.verify_flags |= ssl.VerifyFlags.VERIFY_X509_PARTIAL_CHAIN
        context.verify_flags &= ~ssl.VerifyFlags.VERIFY_X509_STRICT
    return context
