"""Pictures and sounds become arrays, with limits on what they may unfold to."""

import base64
import binascii
import io
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from bearhug.base.errors import BadRequest, TooLarge

MOST_PIXELS = 50_000_000
MOST_PICTURES = 1000
MOST_TOGETHER = 4 * MOST_PIXELS
"""Pixels of all pictures of one call."""
LONGEST_SECONDS = 3600
RATES = range(1000, 768_001)
LARGEST_FILE = 64 << 20
FFMPEG_SECONDS = 120

Samples = NDArray[np.float32]


def picture(inputs: Any) -> Image.Image:
    """An RGB picture the right way up, from bytes, base64, a path or a PIL image."""
    found = inputs if isinstance(inputs, Image.Image) else _opened(bytes_of(inputs, "a picture"))
    if found.width * found.height > MOST_PIXELS:
        raise TooLarge(
            f"The picture has {found.width:,} by {found.height:,} pixels, and {MOST_PIXELS // 1_000_000} million "
            "are the most."
        )
    try:
        return ImageOps.exif_transpose(found).convert("RGB")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise BadRequest("The picture is broken.") from error


def _opened(data: bytes) -> Image.Image:
    try:
        return Image.open(io.BytesIO(data))
    except Image.DecompressionBombError as error:
        raise TooLarge(f"The picture unfolds to more than {MOST_PIXELS // 1_000_000} million pixels.") from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise BadRequest("This is not a picture that can be read here. Send PNG, JPEG, WebP or GIF.") from error


def pictures(inputs: Any) -> list[Image.Image]:
    """One or several, within what they may be together."""
    several = inputs if isinstance(inputs, list) else [inputs]
    if not several or len(several) > MOST_PICTURES:
        raise BadRequest(f"Send a picture, or a list of 1 to {MOST_PICTURES}.")
    found: list[Image.Image] = []
    pixels = 0
    for one in several:
        found.append(picture(one))
        pixels += found[-1].width * found[-1].height
        if pixels > MOST_TOGETHER:
            raise TooLarge(f"These pictures have more than {MOST_TOGETHER // 1_000_000} million pixels together.")
    return found


def bytes_of(inputs: Any, what: str) -> bytes:
    """The bytes of a file: themselves, in base64, or at a path."""
    if isinstance(inputs, Path):
        inputs = inputs.read_bytes()
    if isinstance(inputs, str):
        text = inputs.partition(",")[2] if inputs.startswith("data:") else inputs
        try:
            inputs = base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError) as error:
            raise BadRequest(f"The inputs must be {what}: its bytes, or base64 within JSON.") from error
    if not isinstance(inputs, bytes) or not inputs:
        raise BadRequest(f"The inputs must be {what}: its bytes, or base64 within JSON.")
    if len(inputs) > LARGEST_FILE:
        raise TooLarge(f"The file is larger than {LARGEST_FILE >> 20} MiB.")
    return inputs


def png(image: Image.Image) -> bytes:
    """The picture as PNG."""
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def png_text(image: Image.Image) -> str:
    """The picture as PNG in base64, for JSON."""
    return base64.b64encode(png(image)).decode()


def sound(inputs: Any, rate: int) -> Samples:
    """float32 [samples] of one channel at `rate` a second, from bytes, base64, a path, or `{raw, sampling_rate}`."""
    samples, own = _told(inputs) if isinstance(inputs, dict) else _decoded(bytes_of(inputs, "a sound"))
    if own not in RATES:
        raise BadRequest(f"A sound has {RATES[0]:,} to {RATES[-1]:,} samples a second, not {own:,}.")
    if len(samples) > LONGEST_SECONDS * own:
        raise TooLarge(f"The sound is longer than {LONGEST_SECONDS // 60} minutes.")
    if samples.ndim > 1:
        samples = samples.mean(1)
    if not len(samples):
        raise BadRequest("The sound is empty.")
    if not np.isfinite(samples).all():
        raise BadRequest("The sound is broken: not all of its samples are numbers.")
    return _resampled(samples, own, rate)


def _told(inputs: dict[str, Any]) -> tuple[Samples, int]:
    """Samples as numbers: of one channel, or a row for each moment."""
    rate = inputs.get("sampling_rate")
    try:
        with np.errstate(over="ignore"):
            samples = np.asarray(inputs.get("raw", inputs.get("array")), np.float32)
    except (TypeError, ValueError) as error:
        raise BadRequest('"raw" must be a list of numbers.') from error
    if not isinstance(rate, int) or samples.ndim not in (1, 2):
        raise BadRequest('A sound is its bytes, base64 within JSON, or {"raw": [number, …], "sampling_rate": number}.')
    return samples, rate


def _resampled(samples: Samples, own: int, rate: int) -> Samples:
    if own == rate:
        return samples
    import soxr

    found: Samples = soxr.resample(samples, own, rate).astype(np.float32)
    return found


def _decoded(data: bytes) -> tuple[Samples, int]:
    import soundfile

    try:
        with soundfile.SoundFile(io.BytesIO(data)) as file:
            if file.frames > LONGEST_SECONDS * file.samplerate:
                raise TooLarge(f"The sound is longer than {LONGEST_SECONDS // 60} minutes.")
            return file.read(dtype="float32"), int(file.samplerate)
    except soundfile.LibsndfileError:
        return _by_ffmpeg(data)


def _by_ffmpeg(data: bytes) -> tuple[Samples, int]:
    """What libsndfile does not read (m4a, webm …), by the program ffmpeg if there is one."""
    program = shutil.which("ffmpeg")
    if program is None:
        raise BadRequest("This is not a sound that can be read here. Send WAV, FLAC, OGG or MP3.")
    options = ["-nostdin", "-v", "error", "-protocol_whitelist", "pipe", "-i", "pipe:0", "-t", str(LONGEST_SECONDS)]
    form = ["-vn", "-ac", "1", "-ar", "16000", "-f", "f32le", "pipe:1"]
    done = subprocess.run(
        [program, *options, *form], input=data, capture_output=True, timeout=FFMPEG_SECONDS, check=False
    )
    if done.returncode != 0 or not done.stdout:
        raise BadRequest("This is not a sound that can be read here. Send WAV, FLAC, OGG or MP3.")
    return np.frombuffer(done.stdout, np.float32), 16000
