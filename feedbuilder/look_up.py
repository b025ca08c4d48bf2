"""Ask the servers of a show's audio for what the archive does not say of it: length, type, whether it is there.

Only `feedbuilder build --online` comes this way. What is learned goes into the ledger, so that later builds need no
network to come out the same.
"""

from __future__ import annotations

from dataclasses import replace

from feedbuilder.config import Config
from feedbuilder.errors import Place, Problem, Severity
from feedbuilder.ledger import AudioFacts, Ledger
from feedbuilder.online.addresses import PUBLIC_WEB, Reach
from feedbuilder.online.audio import ask_audio
from feedbuilder.online.audio_answer import RemoteAudio
from feedbuilder.online.faults import FaultKind, WebFault
from feedbuilder.problems import problem
from feedbuilder.resolve.enclosures import address_to_ask
from feedbuilder.resolve.episode import known_audio
from feedbuilder.resolve.show import audio_on_web, identify
from feedbuilder.source.archive import Archive

_PASSING = frozenset({FaultKind.NOT_ASKED, FaultKind.BUSY, FaultKind.TOO_SLOW})


def look_up_audio(
    archive: Archive, config: Config, ledger: Ledger, reach: Reach = PUBLIC_WEB
) -> tuple[dict[str, AudioFacts], list[Problem]]:
    """Return what servers say of the audio that the archive says too little of, by its address."""
    known = audio_on_web(ledger)
    places: dict[str, Place] = {}
    identities, _ = identify(archive, config, ledger)
    for file in archive.episodes:
        if file.path in identities:
            facts = known_audio(file, identities[file.path], config, known)
            if url := address_to_ask(file, archive.media, facts, config):
                places.setdefault(url, file.place("audio"))
    asked = [(url, known[url].etag if url in known else None) for url in places]
    found: dict[str, AudioFacts] = {}
    problems: list[Problem] = []
    for url, answer in ask_audio(asked, reach=reach).items():
        if isinstance(answer, WebFault):
            severity = Severity.NOTE if answer.kind in _PASSING else None
            problems.append(problem("audio-not-online", places[url], answer.message, answer.remedy, severity=severity))
        elif isinstance(answer, RemoteAudio):
            found[url] = _learned(known.get(url, AudioFacts(url=url, source="online")), answer)
    return found, problems


def _learned(before: AudioFacts, answer: RemoteAudio) -> AudioFacts:
    """Return what is known now; a file of another length is another file, and lasts as long as it lasts."""
    is_same = answer.length_bytes in (None, before.length_bytes)
    return replace(
        before,
        length_bytes=before.length_bytes if is_same else answer.length_bytes,
        duration_ms=before.duration_ms if is_same else None,
        mime_type=answer.mime_type or before.mime_type,
        etag=answer.etag,
    )
