"""A certificate for this machine that only a channel's own ``ca_file`` vouches for."""

import ssl
from pathlib import Path

import pytest

from tests.support.certified import certificate, serving


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with ``key.pem`` and ``cert.pem`` for localhost, known to nobody."""
    return certificate(tmp_path_factory.mktemp("authority"), "DNS:localhost", "IP:127.0.0.1")


@pytest.fixture
def served(authority: Path) -> ssl.SSLContext:
    """What a server shows it with."""
    return serving(authority)
