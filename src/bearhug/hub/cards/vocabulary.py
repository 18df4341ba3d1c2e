"""Words with a fixed meaning in cards: tasks, libraries, licences, sizes, languages.

Tasks and libraries come from the tables of @huggingface/tasks (MIT licence), kept in `data/`.
"""

import json
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files

from babel import Locale


@dataclass(frozen=True)
class Task:
    """One pipeline tag; `models` and `datasets` tell whether lists offer it for them."""

    id: str
    label: str
    modality: str
    models: bool = True
    datasets: bool = True
    subtasks: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Library:
    """One library by the id under which cards name it; those with `facet` may also be named by a tag."""

    id: str
    label: str
    facet: bool


def _data(name: str) -> str:
    return files("bearhug.hub.cards").joinpath("data", name).read_text("utf-8")


_OLD_TASKS = (Task("text2text-generation", "Text2Text Generation", "nlp", datasets=False),)
"""Tasks that cards still name although newer lists leave them out."""
_OWN_TASKS = (Task("background-removal", "Background Removal", "cv", datasets=False),)
"""Tasks that are ours."""

_LISTED = tuple(Task(**row) for row in json.loads(_data("tasks.json")))
TASKS = {task.id: task for task in (*_LISTED, *_OLD_TASKS, *_OWN_TASKS)}
TASK_IDS = frozenset(TASKS)
SUBTASKS = {name: label for task in TASKS.values() for name, label in task.subtasks.items()}
LIBRARIES = {name: Library(name, **row) for name, row in json.loads(_data("libraries.json")).items()}
KNOWN_LIBRARIES = frozenset(LIBRARIES)
TAG_LIBRARIES = frozenset(name for name, library in LIBRARIES.items() if library.facet) | frozenset(
    "audiocraft chatterbox colpali f5-tts gliner lerobot litert model2vec tensorflowtts ultralytics whisperkit".split()
)
"""Libraries that a plain tag may name; ids that are everyday words must stand in `library_name`."""

LICENCES = frozenset(
    "apache-2.0 mit openrail bigscience-openrail-m creativeml-openrail-m bigscience-bloom-rail-1.0 "
    "bigcode-openrail-m afl-3.0 artistic-2.0 bsl-1.0 bsd bsd-2-clause bsd-3-clause bsd-3-clause-clear c-uda cc cc0-1.0 "
    "cc-by-2.0 cc-by-2.5 cc-by-3.0 cc-by-4.0 cc-by-sa-3.0 cc-by-sa-4.0 cc-by-nc-2.0 cc-by-nc-3.0 cc-by-nc-4.0 "
    "cc-by-nd-4.0 cc-by-nc-nd-3.0 cc-by-nc-nd-4.0 cc-by-nc-sa-2.0 cc-by-nc-sa-3.0 cc-by-nc-sa-4.0 cdla-sharing-1.0 "
    "cdla-permissive-1.0 cdla-permissive-2.0 wtfpl ecl-2.0 epl-1.0 epl-2.0 etalab-2.0 eupl-1.1 eupl-1.2 agpl-3.0 gfdl "
    "gpl gpl-2.0 gpl-3.0 lgpl lgpl-2.1 lgpl-3.0 isc h-research intel-research lppl-1.3c ms-pl apple-ascl apple-amlr "
    "mpl-2.0 odc-by odbl openmdw-1.0 openmdw-1.1 openrail++ osl-3.0 postgresql ofl-1.1 ncsa unlicense zlib pddl "
    "lgpl-lr deepfloyd-if-license fair-noncommercial-research-license llama2 llama3 llama3.1 llama3.2 llama3.3 llama4 "
    "grok2-community gemma unknown other".split()
)

SIZES: tuple[tuple[str, int], ...] = (
    ("n<1K", 10**3),
    ("1K<n<10K", 10**4),
    ("10K<n<100K", 10**5),
    ("100K<n<1M", 10**6),
    ("1M<n<10M", 10**7),
    ("10M<n<100M", 10**8),
    ("100M<n<1B", 10**9),
    ("1B<n<10B", 10**10),
    ("10B<n<100B", 10**11),
    ("100B<n<1T", 10**12),
)
"""Size categories of data sets and the number of rows that each stays below."""
LARGEST_SIZE = "n>1T"
SIZE_IDS = frozenset([name for name, _ in SIZES] + [LARGEST_SIZE, "unknown"])

CREATORS = frozenset("crowdsourced found expert-generated machine-generated no-annotation other".split())
MULTILINGUALITY = frozenset("monolingual multilingual translation other".split())
SPECIAL_LANGUAGES = {"multilingual": "Multilingual", "code": "Code"}


def size_category(rows: int) -> str:
    """The size category of a data set with this many rows."""
    return next((name for name, bound in SIZES if rows < bound), LARGEST_SIZE)


@lru_cache(maxsize=1)
def languages() -> dict[str, str]:
    """English names of languages by their code in lower case: `zh`, `yue`, `pt-br`, `zh-hans`."""
    names = {code.replace("_", "-").lower(): str(name) for code, name in Locale("en").languages.items()}
    return names | SPECIAL_LANGUAGES


@lru_cache(maxsize=1)
def language_codes() -> dict[str, str]:
    """Codes by the English name of a language in lower case: `english` to `en`."""
    return {name.lower(): code for code, name in sorted(languages().items(), key=lambda item: -len(item[0]))}


def language_label(code: str) -> str | None:
    """The English name behind a code, also with a region or script; None for what is no language code."""
    plain = code.replace("_", "-").lower()
    return languages().get(plain) or languages().get(plain.partition("-")[0])
