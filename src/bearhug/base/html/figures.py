"""Numbers, sizes and times as people read them, in their language."""

import math
from datetime import date, datetime
from functools import lru_cache
from typing import Literal

from babel import Locale
from babel.dates import TIMEDELTA_UNITS, format_date, format_datetime, format_timedelta
from babel.numbers import format_decimal

from bearhug.base import clock

NEARLY = 0.85
"""Of a unit: from there on a time is told in it."""
_UNITS = ("B", "kB", "MB", "GB", "TB", "PB")
_AMOUNTS = ((10**12, "T"), (10**9, "B"), (10**6, "M"), (10**3, "k"))


def size(count: float) -> str:
    """Bytes in decimal units: 1.3 MB."""
    step = 0
    while count >= 1000 and step < len(_UNITS) - 1:
        count, step = count / 1000, step + 1
    return f"{count:.0f} B" if step == 0 else f"{_short(count)} {_UNITS[step]}"


def amount(count: float) -> str:
    """A count in at most four characters: 12, 1.3k, 8.03B."""
    for unit, letter in _AMOUNTS:
        if count >= unit:
            return f"{_short(count / unit)}{letter}"
    return f"{count:.0f}"


def _short(value: float) -> str:
    """Three digits that matter, without zeros behind the point."""
    digits = 2 if value < 10 else 1 if value < 100 else 0
    text = f"{value:.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def exactly(count: int, language: str) -> str:
    """All digits, in groups."""
    return format_decimal(count, locale=language)


def ago(moment: datetime, language: str) -> str:
    """How long since a UTC moment."""
    since = moment - clock.now()
    seconds = since.days * 86_400 + since.seconds
    unit, length = next((one for one in TIMEDELTA_UNITS if abs(seconds) >= NEARLY * one[1]), TIMEDELTA_UNITS[-1])
    count = round(abs(seconds) / length)
    return _ago(unit, count * length if seconds >= 0 else -count * length, language)


@lru_cache(maxsize=4096)
def _ago(unit: Literal["year", "month", "week", "day", "hour", "minute", "second"], seconds: int, language: str) -> str:
    """So many whole units; a page says the same of many things."""
    return format_timedelta(seconds, unit, threshold=math.inf, add_direction=True, locale=language)


@lru_cache(maxsize=4096)
def moment(when: datetime, language: str) -> str:
    """A UTC moment in full."""
    return f"{format_datetime(when, 'medium', locale=language)} UTC"


def day(when: date, language: str) -> str:
    """A day in full."""
    return format_date(when, "long", locale=language)


def spoken(slug: str) -> str:
    """A slug as words: text-classification becomes Text classification."""
    words = slug.replace("-", " ").replace("_", " ")
    return words[:1].upper() + words[1:]


def tongue(label: str, language: str) -> str:
    """The name of a language, given in English or by its code; what is no language stays as it is."""
    return _tongues(language).get(label.lower(), label)


@lru_cache(maxsize=8)
def _tongues(language: str) -> dict[str, str]:
    english, own = Locale("en").languages, Locale(language).languages
    return {key.lower(): own[code] for code, name in english.items() if code in own for key in (name, code)}
