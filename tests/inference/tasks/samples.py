"""Inputs for tests of tasks: a picture, a sound, a table."""

import io
import math
import wave

from PIL import Image, ImageDraw

FILM = "the film was very good"
CONTEXT = "ada lives in london . bob works at the lab in paris ."
TABLE = {"city": ["london", "paris"], "who": ["ada", "bob"]}


def picture(width: int = 48, height: int = 40, form: str = "PNG", **more: object) -> bytes:
    """A disc on a ground."""
    image = Image.new("RGB", (width, height), (40, 90, 160))
    ImageDraw.Draw(image).ellipse((8, 8, width - 8, height - 8), fill=(220, 180, 60))
    out = io.BytesIO()
    image.save(out, form, **more)
    return out.getvalue()


def sound(seconds: float = 0.5, rate: int = 8000) -> bytes:
    """A tone, as WAV."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        tones = (int(9000 * math.sin(at / rate * 440 * math.tau)) for at in range(int(seconds * rate)))
        file.writeframes(b"".join(tone.to_bytes(2, "little", signed=True) for tone in tones))
    return out.getvalue()
