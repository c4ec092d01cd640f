"""Whom to believe that a server is who it says: the system's authorities, and an office's own."""

import ssl
from collections.abc import Sequence
from pathlib import Path

import certifi

from xuanfa.domain.errors import ConfigError, machine_words
from xuanfa.domain.language import say


def trusting(authorities: Sequence[Path] = ()) -> ssl.SSLContext:
    """A context with the system's authorities and those in the files ``authorities``. Raises ConfigError for a file that is none.

    OpenSSL reads ``SSL_CERT_FILE`` and ``SSL_CERT_DIR`` in place of the system's. Mozilla's list, which comes with the package
    ``certifi``, stands in where a machine has none of its own.
    """
    context = ssl.create_default_context()
    if not _system_has_any():
        context.load_verify_locations(certifi.where())
    for file in authorities:
        try:
            context.load_verify_locations(file)
        except (ssl.SSLError, OSError) as error:
            raise ConfigError(
                say(
                    "ca_file {file} 读不出证书（{why}）。请检查路径；应是 PEM 格式的证书文件（-----BEGIN CERTIFICATE-----）。",
                    "ca_file {file} holds no certificate that can be read ({why}). Check the path; it is a file in PEM form "
                    "(-----BEGIN CERTIFICATE-----).",
                    file=file,
                    why=machine_words(error),
                )
            ) from error
    return context


def _system_has_any() -> bool:
    paths = ssl.get_default_verify_paths()
    try:
        return bool(paths.cafile) or bool(paths.capath and any(Path(paths.capath).iterdir()))
    except OSError:  # a folder that this account may not list is no authority
        return False
