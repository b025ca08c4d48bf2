"""Where somebody speaks in an audio file: its sound is decoded in blocks, and the level tells speech from pauses.

Decoder: PyAV <https://pyav.basswood-io.com>, whose wheels carry FFmpeg's decoders; libsndfile does not read AAC.
The threshold follows Marzinzik and Kollmeier, "Speech pause detection for noise statistics estimation by tracking
power envelope dynamics" (2002): it lies between the local floor and the peaks of speech, wherever these are.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from feedbuilder.errors import UsageError
from feedbuilder.model import Span

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Sound = NDArray[np.float32]  # samples between -1 and 1
    Levels = NDArray[np.float32]  # in decibels, one for every frame
    Mask = NDArray[np.bool_]  # whether there is speech, for every frame

FRAME_MS = 10
BLOCK_S = 10
# Speech is told by what lies below this; music and hiss have more of theirs above.
BAND_HZ = 4000
# Frames are heard together with this many before and after them: a plosive is silent for less.
BLUR_FRAMES = 1
# Stretches over which floor and peaks are measured, each with this many neighbours on both sides.
STRETCH_S = 5
NEIGHBOURS = 2
FLOOR_PERCENT, PEAK_PERCENT = 5, 90
# Pauses lie in this lower part of the range between floor and peaks, and never within this range below the peaks.
PAUSE_PART = 0.25
NEAR_PEAK_DB = 6.0
# However quiet the floor is, what lies this far below the peaks is breath and room.
FAR_BELOW_PEAK_DB = 32.0
# Stretches that rise no higher than this below the whole file's speech hold none.
QUIET_STRETCH_DB = 25.0
SILENCE_DB, INAUDIBLE_DB = -100.0, -75.0  # of full scale: digital silence, and what nobody hears
PRE_EMPHASIS = 0.9  # lifts the consonants over hum and bass

MIN_PAUSE_MS = 170
# Soft sounds drown in noise and leave gaps that are no pauses: the less speech stands out, the longer a pause must be.
NOISY_PAUSE_MS = 250
WIDE_DB, NARROW_DB = 30.0, 12.0
MIN_SPEECH_MS = 60
# Words begin before they are loud and fade after it.
ATTACK_MS = 20
DECAY_MS = 40


class UnreadableSoundError(Exception):
    """The file holds no sound that can be decoded."""


def find_speech(file: Path) -> tuple[Span, ...]:
    """Find the stretches of speech between pauses, in order and apart.

    Raises `UsageError` where the extra is not installed, `UnreadableSoundError` where the file cannot be decoded.
    """
    try:
        import av  # noqa: PLC0415  (an optional extra)
        import numpy as np  # noqa: PLC0415
    except ImportError as error:
        raise UsageError('To hear the sound, feedbuilder needs its extra: pip install "feedbuilder[align]"') from error
    blocks: list[Levels] = []
    rate_hz = frame_samples = 1
    try:
        for sound, rate_hz, frame_samples in decode(file):
            blocks.append(levels(sound, frame_samples, rate_hz // (2 * BAND_HZ)))
    except (av.FFmpegError, OSError, ValueError) as error:
        raise UnreadableSoundError(f"{file.name}: {error}") from error
    if not blocks:
        raise UnreadableSoundError(f"{file.name}: there is no sound in it")
    frame_ms = frame_samples * 1000 / rate_hz
    is_speech = tell_speech(np.concatenate(blocks), frame_ms)
    return as_spans(is_speech, frame_ms)


def decode(file: Path) -> Iterator[tuple[Sound, int, int]]:
    """Decode the first audio stream, ten seconds at a time.

    Yields one channel of sound, its samples in a second, and those in a frame, which is as near to 10 ms as can be.
    Packets that cannot be decoded are passed over.
    """
    import av  # noqa: PLC0415
    import numpy as np  # noqa: PLC0415

    with av.open(str(file), metadata_errors="ignore") as container:
        stream = container.streams.audio[0] if container.streams.audio else None
        if stream is None:
            return
        fifo = av.AudioFifo()
        frame_samples = stream.rate * FRAME_MS // 1000
        frame_samples -= frame_samples % max(1, stream.rate // (2 * BAND_HZ))
        for packet in container.demux(stream):
            try:
                decoded = packet.decode()
            except av.InvalidDataError:
                continue
            for frame in decoded:
                frame.pts = None  # the samples are counted instead
                fifo.write(frame)
            is_last = packet.size == 0  # it flushes the decoder
            while fifo.samples >= (frame_samples if is_last else BLOCK_S * stream.rate):
                count = fifo.samples if is_last else BLOCK_S * stream.rate
                block = fifo.read(count - count % frame_samples)
                if block is None:
                    break
                samples = block.to_ndarray()
                scale = 1.0 if samples.dtype.kind == "f" else 2.0 ** (8 * samples.dtype.itemsize - 1)
                channels = samples if block.format.is_planar else samples.reshape(-1, len(block.layout.channels)).T
                yield channels.mean(axis=0, dtype=np.float32) / np.float32(scale), stream.rate, frame_samples


def levels(sound: Sound, frame_samples: int, step: int) -> Levels:
    """Measure the level of every frame in the band of speech; `step` samples are taken together."""
    import numpy as np  # noqa: PLC0415

    step = max(1, step)
    coarse = np.add.reduce([sound[place::step] for place in range(step)]) / np.float32(step)
    coarse -= coarse.mean()
    coarse[1:] -= np.float32(PRE_EMPHASIS) * coarse[:-1].copy()
    frames = coarse.reshape(-1, frame_samples // step)
    power = np.einsum("ij,ij->i", frames, frames) / np.float32(frames.shape[1])
    decibels: Levels = 10 * np.log10(power + np.float32(10 ** (SILENCE_DB / 10)))
    return decibels


def tell_speech(loud: Levels, frame_ms: float) -> Mask:
    """Tell speech from pauses by a threshold that follows the floor and the peaks around."""
    import numpy as np  # noqa: PLC0415

    loud = blur(loud)
    floor, peak = floor_and_peak(loud, max(1, round(STRETCH_S * 1000 / frame_ms)))
    threshold = floor + PAUSE_PART * (peak - floor)
    threshold = np.minimum(np.maximum(threshold, peak - FAR_BELOW_PEAK_DB), peak - NEAR_PEAK_DB)
    range_db = float(np.median(peak - floor))
    min_pause_ms = MIN_PAUSE_MS + NOISY_PAUSE_MS * min(1.0, max(0.0, (WIDE_DB - range_db) / (WIDE_DB - NARROW_DB)))
    return drop_short((loud > threshold) & (loud > INAUDIBLE_DB), frame_ms, min_pause_ms)


def blur(loud: Levels) -> Levels:
    """Average every frame with its neighbours."""
    import numpy as np  # noqa: PLC0415

    width = 2 * BLUR_FRAMES + 1
    padded = np.pad(loud, BLUR_FRAMES, mode="edge")
    blurred: Levels = np.add.reduce([padded[place : len(loud) + place] for place in range(width)]) / np.float32(width)
    return blurred


def floor_and_peak(loud: Levels, stretch: int) -> tuple[Levels, Levels]:
    """Measure the level of pauses and of loud speech around every frame."""
    import numpy as np  # noqa: PLC0415

    count = -(-len(loud) // stretch)
    bounds = [
        (max(0, here - NEIGHBOURS) * stretch, min(len(loud), (here + NEIGHBOURS + 1) * stretch))
        for here in range(count)
    ]
    both = np.array([np.percentile(loud[first:last], (FLOOR_PERCENT, PEAK_PERCENT)) for first, last in bounds])
    usual = np.percentile(both[:, 1], PEAK_PERCENT)
    both[:, 1] = np.maximum(both[:, 1], usual - QUIET_STRETCH_DB)
    middles = (np.arange(count) + 0.5) * stretch
    places = np.arange(len(loud))
    return (
        np.interp(places, middles, both[:, 0]).astype(np.float32),
        np.interp(places, middles, both[:, 1]).astype(np.float32),
    )


def drop_short(is_speech: Mask, frame_ms: float, min_pause_ms: float) -> Mask:
    """Drop what is too short for speech, then what is too short for a pause."""
    for value, least_ms in ((True, MIN_SPEECH_MS), (False, min_pause_ms)):
        firsts, lasts = runs(is_speech, value)
        is_speech = is_speech.copy()
        for first, last in zip(firsts, lasts, strict=True):
            if (last - first) * frame_ms < least_ms and first > 0 and last < len(is_speech):
                is_speech[first:last] = not value
    return is_speech


def runs(is_speech: Mask, value: bool) -> tuple[list[int], list[int]]:
    """Find where runs of one value begin and end."""
    import numpy as np  # noqa: PLC0415

    edges = np.flatnonzero(np.diff(np.concatenate([[False], is_speech == value, [False]])))
    return edges[::2].tolist(), edges[1::2].tolist()


def as_spans(is_speech: Mask, frame_ms: float) -> tuple[Span, ...]:
    """Write the runs of speech as times."""
    length_ms = round(len(is_speech) * frame_ms)
    firsts, lasts = runs(is_speech, True)
    return tuple(
        Span(max(0, round(first * frame_ms) - ATTACK_MS), min(length_ms, round(last * frame_ms) + DECAY_MS))
        for first, last in zip(firsts, lasts, strict=True)
    )
