"""What the tests of the network share: a door to 127.0.0.1, a patience that never sleeps, a certificate of our own."""

from __future__ import annotations

import shutil
import ssl
import subprocess
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path

import pytest

from feedbuilder.online.addresses import Reach
from feedbuilder.online.patience import Patience

LOOPBACK = (ip_network("127.0.0.0/8"),)


@pytest.fixture
def local() -> Reach:
    """127.0.0.1 only, by number: a name would have to be resolved."""

    def refuse(host: str, port: int) -> list[str]:
        raise AssertionError(f"nothing is to be resolved in this test, {host} least of all")

    return Reach(allow=LOOPBACK, resolve=refuse, tls=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))


@pytest.fixture
def pauses() -> list[float]:
    """How long the program under test would have slept."""
    return []


@pytest.fixture
def patience(pauses: list[float]) -> Patience:
    return Patience(sleep=pauses.append, chance=lambda: 1.0)


@dataclass(frozen=True)
class Certificate:
    """A certificate for `podcast.example`, signed by itself."""

    server: ssl.SSLContext
    client: ssl.SSLContext  # trusts it


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not installed: no certificate to test TLS with")
    folder: Path = tmp_path_factory.mktemp("tls")
    key, cert = folder / "key.pem", folder / "cert.pem"
    subprocess.run(
        [
            *(openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"),
            *("-days", "2", "-subj", "/CN=podcast.example", "-addext", "subjectAltName=DNS:podcast.example"),
            *("-keyout", str(key), "-out", str(cert)),
        ],
        check=True,
        capture_output=True,
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(cert, key)
    return Certificate(server=server, client=ssl.create_default_context(cafile=str(cert)))
