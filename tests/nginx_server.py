"""A real nginx on 127.0.0.1, configured by a test, started as whoever runs it and stopped when the `with` ends.

with Nginx(tmp_path, root=output, server="gzip on;") as server:
    … server.url("/feed.xml")
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import pytest
from archives import REPOSITORY

BINARY = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")


def as_documented() -> tuple[str, str]:
    """Return what docs/check.md tells owners to write into http { } and server { }, without the root."""
    text = (REPOSITORY / "docs/check.md").read_text("utf-8")
    http, server = (
        text.partition("    # in http { }\n")[2].partition("    # and beside it")[0].split("    # in server { }\n")
    )
    lines = [line for line in server.splitlines() if not line.strip().startswith("root ")]
    return http, "\n".join(lines)


class Nginx:
    """Serves a folder until the `with` ends."""

    def __init__(
        self,
        folder: Path,
        *,
        root: Path,
        server: str | None = None,  # what stands in server { }; None: as documented
        http: str | None = None,
        tls: tuple[Path, Path] | None = None,  # certificate and key
        port: int | None = None,
    ) -> None:
        if BINARY is None:
            pytest.skip("nginx is not installed: apt-get install nginx-light")
        good_http, good_server = as_documented()
        http = good_http if http is None else http
        server = good_server if server is None else server
        self.port = port or free_port()
        self._folder = folder / f"nginx-{self.port}"
        self._folder.mkdir(parents=True, exist_ok=True)
        self._tls = tls
        listen = f"listen 127.0.0.1:{self.port}{' ssl' if tls else ''};"
        if tls:
            listen += f" ssl_certificate {tls[0]}; ssl_certificate_key {tls[1]};"
        temporary = " ".join(
            f"{name}_temp_path {self._folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        user = "user root;" if os.geteuid() == 0 else ""  # else workers become nobody, who may not see pytest's folders
        self._config = self._folder / "nginx.conf"
        self._config.write_text(
            f"""{user} daemon off; worker_processes 1; pid {self._folder}/pid; error_log {self._folder}/error.log;
            events {{ worker_connections 64; }}
            http {{ {temporary} access_log {self._folder}/access.log; {http}
            server {{ {listen} root {root}; {server} }} }}"""
        )

    def url(self, path: str = "/feed.xml", host: str = "127.0.0.1") -> str:
        return f"{'https' if self._tls else 'http'}://{host}:{self.port}{path}"

    def requests(self) -> list[str]:
        """Return the request lines that came, in order of their answers."""
        return [line.split('"')[1] for line in (self._folder / "access.log").read_text().splitlines()]

    def __enter__(self) -> Self:
        assert BINARY is not None
        said = self._folder / "stderr"
        command = [BINARY, "-p", str(self._folder), "-c", str(self._config), "-e", str(self._folder / "error.log")]
        with said.open("wb") as stderr:
            self._process = subprocess.Popen(command, stderr=stderr)
        for _ in range(500):
            if self._process.poll() is not None:
                pytest.fail(f"nginx does not start: {said.read_text()}")
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return self
            time.sleep(0.01)
        self._process.kill()
        self._process.wait()
        pytest.fail("nginx does not listen")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.terminate()
        self._process.wait(10)


def free_port() -> int:
    """Return a port that nobody listens on; none of those that the system gives to whoever asks for any."""
    for port in range(20_000 + os.getpid() % 10_000, 32_000):
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError("every port is taken")
