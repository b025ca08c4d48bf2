"""`check --online` against a real nginx: nothing to mend where it is set up as documented, and each fault told."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
import typer
from archives import NOW, SEEDS, built, feedbuilder
from nginx_server import Nginx, as_documented, free_port
from typer.testing import CliRunner

from feedbuilder.check.every_rule import NEEDS_SERVERS
from feedbuilder.check.examine import Finding
from feedbuilder.check.hosting.asking import Online
from feedbuilder.check.hosting.plan import USUAL_ITEMS
from feedbuilder.check.suppression import Suppression
from feedbuilder.checkup import Checked, check, check_bytes
from feedbuilder.cli.commands import check as command
from feedbuilder.errors import ExitCode, Place
from feedbuilder.online.addresses import Reach
from feedbuilder.online.hosting import ask_servers
from feedbuilder.online.patience import Patience
from feedbuilder.source.settings import read_config

LOOPBACK = Reach(allow=(ip_network("127.0.0.0/8"),))
ASK = partial(ask_servers, reach=LOOPBACK, patience=Patience(attempts=1))
AUDIO = "audio/welcome-to-the-seed-show.mp3"
TRANSCRIPT = "transcripts/welcome-to-the-seed-show.vtt"


class Show:
    """The sample show, built, and a copy of it that is out, at an address where nothing listens as yet."""

    def __init__(self, folder: Path, port: int, scheme: str = "http", host: str = "127.0.0.1") -> None:
        self.folder = folder
        self.port = port
        seeds = folder / "seeds"
        shutil.copytree(SEEDS, seeds)
        self.config = seeds / "feedbuilder.yaml"
        self.url = f"{scheme}://{host}:{port}/feed.xml"
        text = self.config.read_text("utf-8").replace("https://podcast.example.org/feed.xml", self.url)
        self.config.write_text(text, "utf-8")
        self.output = folder / "output"
        built(self.config, self.output)
        self.public = folder / "public"
        shutil.copytree(self.output, self.public)

    def served(self, **options: Any) -> Nginx:
        return Nginx(self.folder, root=self.public, port=self.port, **options)

    def checked(self, **options: Any) -> Checked:
        """Check as `check --online` does."""
        options = {"online": Online(ask=ASK, items=None), **options}
        return check(self.output, now=NOW, config=read_config(self.config), **options)


@pytest.fixture(scope="module")
def built_once(tmp_path_factory: pytest.TempPathFactory) -> Show:
    return Show(tmp_path_factory.mktemp("show"), free_port())


@pytest.fixture
def show(built_once: Show) -> Iterator[Show]:
    """Give a show whose public copy is as the output, whatever a test before did to it."""
    shutil.rmtree(built_once.public)
    shutil.copytree(built_once.output, built_once.public)
    yield built_once
    shutil.rmtree(built_once.public / "nginx", ignore_errors=True)


def of_servers(found: Checked) -> list[Finding]:
    return [finding for finding in found.findings if finding.rule.code in NEEDS_SERVERS]


def codes(found: Checked) -> list[str]:
    return sorted({finding.rule.code for finding in of_servers(found)})


def test_nginx_as_documented_leaves_nothing_to_mend(show: Show):
    with show.served() as server:
        found = show.checked()
        requests = server.requests()
    assert [(finding.rule.code, finding.message) for finding in of_servers(found)] == []
    assert found.asked is not None
    assert found.asked.is_everything
    assert found.asked.addresses == 12
    assert len(requests) <= 3 * found.asked.addresses
    assert sum(f" /{AUDIO} " in line for line in requests) == 3


def test_a_packed_feed_is_the_same_feed(show: Show):
    with show.served(http="include /etc/nginx/mime.types; gzip on; gzip_types *; gzip_min_length 1;") as server:
        assert "S4" not in codes(show.checked())
        assert server.requests()


BAD_SERVERS = {
    "types": ({"http": "default_type application/octet-stream;", "server": ""}, ["H3", "H3b", "H3c", "H5c"]),
    "text/html": ({"http": "default_type text/html;", "server": ""}, ["H3", "H3b", "H3c", "H5c"]),
    "charset": (
        {"http": "include mime.types; charset iso-8859-1; charset_types *;".replace("mime", "/etc/nginx/mime")},
        ["H3e"],
    ),
    "no validators": ({"append": "etag off; add_header Last-Modified '';"}, ["H5"]),
    "no 304": ({"append": "if_modified_since off; etag off;"}, ["H5b"]),
    "no ranges": ({"append": "max_ranges 0;"}, ["H2"]),
    "HEAD refused": ({"append": "if ($request_method = HEAD) { return 405; }"}, ["H1b"]),
    "HEAD forbidden": ({"append": "location /audio/ { limit_except POST { deny all; } }"}, ["H1c"]),
    "forbidden": ({"append": "location /artwork.jpg { deny all; }"}, ["H1c"]),
    "not there": ({"append": "location /audio/ { return 404; }"}, ["H1"]),
    "gone": ({"append": "location /artwork.jpg { return 410; }"}, ["H1"]),
    "every address is the home page": ({"append": "error_page 404 =200 /home.html;", "lose": "audio"}, ["H3d"]),
    "in trouble": ({"append": "location /audio/ { return 500; }"}, ["H1h"]),
    "breaks off": ({"append": "location /audio/ { return 444; }"}, ["H1h"]),
    "moved for good": (
        {"append": "location = /new.xml { types { } default_type application/rss+xml; rewrite ^ /feed.xml break; }",
         "feed": "return 301 /new.xml;"},
        ["H6"],
    ),
    "redirects in a circle": ({"append": "location /audio/ { return 302 $request_uri; }"}, ["H6c"]),
    "many redirects": (
        {"append": "".join(f"location = /r{n} {{ return 302 /r{n + 1}; }}" for n in range(3))
                   + f"location = /{AUDIO} {{ return 302 /r0; }}"
                   f"location = /r3 {{ types {{ }} default_type audio/mpeg; rewrite ^ /{AUDIO} break; }}"},
        ["H6b"],
    ),
    "a redirect inside": ({"append": "location /artwork.jpg { return 302 http://10.0.0.1/artwork.jpg; }"}, ["H6c"]),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD_SERVERS)
def test_each_fault_of_a_server_is_told(show: Show, name: str):
    options, expected = BAD_SERVERS[name]
    options = dict(options)
    if lost := options.pop("lose", None):
        shutil.rmtree(show.public / lost)
        (show.public / "home.html").write_text("<!doctype html><title>Home</title>")
    append = options.pop("append", "")
    if append:
        server = as_documented()[1]
        feed = "types { } default_type application/rss+xml;"
        assert feed in server
        options["server"] = server.replace(feed, options.pop("feed", feed)) + append
    with show.served(**options):
        found = codes(show.checked())
    assert found == expected


@pytest.fixture
def certificate_files(tmp_path: Path) -> tuple[Path, Path]:
    """Return a certificate for `podcast.example`, signed by itself, and its key."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not installed: no certificate to test TLS with")
    key, cert = tmp_path / "key.pem", tmp_path / "cert.pem"
    subprocess.run(
        [
            *(openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"),
            *("-days", "2", "-subj", "/CN=podcast.example", "-addext", "subjectAltName=DNS:podcast.example"),
            *("-keyout", str(key), "-out", str(cert)),
        ],
        check=True,
        capture_output=True,
    )
    return cert, key


def test_a_certificate_that_nobody_vouches_for_is_told_once(tmp_path: Path, certificate_files: tuple[Path, Path]):
    show = Show(tmp_path, free_port(), "https", "podcast.example")
    reach = Reach(allow=LOOPBACK.allow, resolve=lambda host, port: ["127.0.0.1"])
    ask = partial(ask_servers, reach=reach, patience=Patience(attempts=1))
    with show.served(tls=certificate_files):
        found = show.checked(online=Online(ask=ask, items=None))
    [told] = of_servers(found)
    assert told.rule.code == "H1f"
    assert "the certificate of podcast.example" in told.message
    assert "self-signed" in told.message


def test_a_name_that_leads_nowhere_is_told_once(show: Show):
    def nowhere(host: str, port: int) -> list[str]:
        raise OSError("no such name")

    text = show.config.read_text("utf-8")
    try:
        show.config.write_text(text.replace("http://127.0.0.1", "http://podcast.invalid"), "utf-8")
        ask = partial(ask_servers, reach=Reach(resolve=nowhere), patience=Patience(attempts=1))
        found = show.checked(online=Online(ask=ask, items=None))
    finally:
        show.config.write_text(text, "utf-8")
    assert "H1d" in codes(found)


def test_a_server_that_does_not_run_is_told_once(show: Show):
    [told] = of_servers(show.checked())
    assert told.rule.code == "H1e"
    assert show.url in told.message


def test_an_older_feed_is_told_episode_by_episode(show: Show):
    feed = show.public / "feed.xml"
    text = feed.read_text("utf-8")
    first = text[text.index("<item>") : text.index("</item>") + 7]
    feed.write_text(text.replace(first, "").replace("Welcome to The Seed Show", "Welcome"), "utf-8")
    with show.served():
        found = of_servers(show.checked())
    told = {(finding.rule.code, finding.item.shown if finding.item else "") for finding in found}
    assert told >= {("S4b", "“From Kaggle Grandmaster to Production ML: Competition Rigor…”"), ("S4", "“Welcome to The Seed Show”")}  # fmt: skip  # noqa: E501
    assert all("upload output/" in finding.remedy for finding in found)


def test_files_of_an_earlier_upload_are_told(show: Show):
    (show.public / TRANSCRIPT).write_text("WEBVTT\n", "utf-8")
    (show.public / "artwork.jpg").write_bytes((show.public / "artwork.jpg").read_bytes()[:-1] + b"?")
    audio = show.public / AUDIO
    audio.write_bytes(audio.read_bytes()[:-1])
    with show.served():
        found = of_servers(show.checked())
    assert sorted((finding.rule.code, finding.path) for finding in found) == [
        ("H4", "feed.xml"), ("S4c", "artwork.jpg"), ("S4c", TRANSCRIPT),
    ]  # fmt: skip
    length = next(finding for finding in found if finding.rule.code == "H4")
    assert length.origin is not None
    assert length.origin.place.path == "episodes/welcome-to-the-seed-show.md"


def test_the_address_of_a_finding_can_be_ignored_and_is_not_called_unused_offline(show: Show):
    ignore = [
        Suppression(rule="H5c", path=f"http://127.0.0.1:{show.port}/*", reason="no", place=Place("feedbuilder.yaml", 1))
    ]
    with show.served(server=""):
        found = show.checked(ignore=ignore)
    assert "H5c" not in codes(found)
    assert {finding.rule.code for finding, _ in found.ignored} == {"H5c"}
    assert show.checked(ignore=ignore, online=None).unused == ()
    with show.served():
        assert show.checked(ignore=ignore).unused == tuple(ignore)


def test_a_strangers_feed_is_asked_for_where_it_was_found(show: Show):
    with show.served(server=""):
        content = (show.public / "feed.xml").read_bytes()
        found = check_bytes(content, Path("feed.xml"), now=NOW, online=Online(ask=ASK), url=show.url)
    assert {"H3b", "H5c"} <= set(codes(found))
    assert not [finding for finding in of_servers(found) if finding.rule.code.startswith("S")]


# The command.


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(command, "_public_web", lambda: LOOPBACK)
    app = typer.Typer()
    app.command()(command.check)

    def invoke(*arguments: str | Path) -> tuple[int, str]:
        result = CliRunner().invoke(app, [str(argument) for argument in arguments])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result.exit_code, result.output

    return invoke


def test_the_text_says_what_was_asked_and_what_was_left_out(show: Show, run: Any):
    with show.served():
        code, output = run("--config", show.config, show.output, "--online", "--online-items", "1")
    assert code == ExitCode.HELD  # the seed episode lacks its audio
    assert "asked for the files of the newest episode, not of one older one (--online-items all)" in output
    assert "addresses checked: 1 error" in output


@pytest.mark.parametrize("report", ["json", "github", "sarif", "text"])
def test_all_formats_tell_findings_of_servers(show: Show, run: Any, report: str):
    with show.served(server=""):
        _, output = run("--config", show.config, show.output, "--online", "--format", report)
    assert "H5c" in output
    if report == "json":
        document = json.loads(output)
        told = next(finding for finding in document["findings"] if finding["rule"] == "H5c")
        assert told["url"].startswith(f"http://127.0.0.1:{show.port}/")
        assert told["source"] is None
        assert document["not_checked"] == {}
        assert document["asked"]["addresses"] == 12


def test_wrong_numbers_of_episodes_are_wrong_usage(run: Any):
    assert run("--online", "--online-items", "few")[0] == ExitCode.USAGE
    assert run("--online-items", "3")[0] == ExitCode.USAGE


def test_a_feed_that_does_not_say_where_it_is_is_wrong_usage(run: Any, tmp_path: Path):
    feed = tmp_path / "feed.xml"
    feed.write_text("<rss version='2.0'><channel><title>x</title></channel></rss>")
    assert run(feed, "--online")[0] == ExitCode.USAGE
    (tmp_path / "a.vtt").write_text("WEBVTT\n")
    assert run(tmp_path / "a.vtt", "--online")[0] == ExitCode.USAGE


def test_the_default_number_of_episodes_is_the_one_documented():
    assert command._USUAL_ITEMS == USUAL_ITEMS


def test_without_online_no_network_module_is_loaded(show: Show):
    code = (
        "import sys\nfrom feedbuilder.__main__ import run\nsys.argv = sys.argv[1:]\n"
        "try:\n    run()\nexcept SystemExit:\n    pass\n"
        "loaded = {'httpcore2', 'feedbuilder.online.connections'} & set(sys.modules)\n"
        "print('LOADED', sorted(loaded))"
    )
    result = subprocess.run(
        [sys.executable, "-c", code, "feedbuilder", "check", "--config", str(show.config), str(show.output)],
        capture_output=True,
        encoding="utf-8",
        check=False,
        env=dict(os.environ),
    )
    assert "files checked" in result.stdout, result.stderr
    assert "LOADED []" in result.stdout
    assert feedbuilder("check", "--help").returncode == 0
