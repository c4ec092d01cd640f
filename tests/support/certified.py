"""Certificates that a test makes for itself: they vouch for themselves, and no machine knows them."""

import ssl
import subprocess
from pathlib import Path


def certificate(folder: Path, *names: str) -> Path:
    """``folder``, with ``key.pem`` and ``cert.pem`` for these ``names``, written as ``DNS:localhost`` or ``IP:127.0.0.1``."""
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", f"/CN={names[0].partition(':')[2]}", "-addext", f"subjectAltName={','.join(names)}",
         "-keyout", folder / "key.pem", "-out", folder / "cert.pem"],
        check=True,
        capture_output=True,
    )  # fmt: skip
    return folder


def serving(folder: Path) -> ssl.SSLContext:
    """What a server shows the certificate in ``folder`` with."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context
