"""Facts about data sets: what the card says, completed by the files' formats."""

import re

from bearhug.hub.cards.reading import arxiv_ids, names, texts
from bearhug.hub.cards.records import CardFacts, Source
from bearhug.hub.cards.vocabulary import DATA_FORMATS, FORMAT_LIBRARIES, MODALITY_ENDINGS

CARD_TAGS = (
    "task_categories",
    "task_ids",
    "annotations_creators",
    "language_creators",
    "multilinguality",
    "source_datasets",
    "language",
    "license",
    "size_categories",
)
NOT_DATA = ("readme.md", ".gitattributes", "dataset_infos.json", ".huggingface.yaml")
FOLDER_OF = {"image": "imagefolder", "audio": "audiofolder", "video": "videofolder", "document": "pdffolder"}
_DESCRIPTION = re.compile(r"^(?!#|<|\||!\[|```|\s*[-*]\s)(\S.{20,})$", re.MULTILINE)
_CITATION = re.compile(r"@\w+\{.*?\n\}", re.DOTALL)


def derive(source: Source, _name: str) -> CardFacts:
    """All facts of a data set."""
    formats, modalities = _formats(source)
    return CardFacts(
        tags=tuple(_tags(source, formats, modalities)),
        card_data=source.metadata or None,
        description=_description(source),
        citation=_citation(source),
        models=tuple(names(source.metadata.get("models"))),
    )


def _tags(source: Source, formats: list[str], modalities: list[str]) -> list[str]:
    tags = [f"{key}:{value}" for key in CARD_TAGS for value in texts(source.metadata.get(key))]
    tags += [f"format:{name}" for name in formats]
    tags += [f"modality:{name}" for name in modalities]
    tags += [f"library:{name}" for known in formats for name in FORMAT_LIBRARIES.get(known, ("datasets",))]
    tags += [f"arxiv:{number}" for number in arxiv_ids(source.body)]
    tags.append("region:us")
    tags += texts(source.metadata.get("tags"))
    return list(dict.fromkeys(tags))


def _formats(source: Source) -> tuple[list[str], list[str]]:
    """The format that most data files have, and every modality."""
    counts: dict[str, int] = {}
    for path in source.files:
        if path.lower() not in NOT_DATA:
            ending = path.lower().removesuffix(".gz").removesuffix(".zst").rsplit(".", 1)[-1]
            counts[ending] = counts.get(ending, 0) + 1
    media = {name: sum(counts.get(e, 0) for e in endings) for name, endings in MODALITY_ENDINGS.items()}
    data = {name: sum(counts.get(e, 0) for e in endings) for name, endings in DATA_FORMATS.items()}
    modalities = [name for name, count in media.items() if count]
    folder, many = max(media.items(), key=lambda item: item[1])
    best, most = max(data.items(), key=lambda item: item[1])
    formats = []
    if many > most and folder in FOLDER_OF:
        formats = [FOLDER_OF[folder]]
    elif most:
        formats = [best]
    return formats, modalities + _modalities_of_features(source) + (["text"] if best == "text" and most else [])


def _modalities_of_features(source: Source) -> list[str]:
    """`dataset_info.features` name the types of the columns."""
    info = source.metadata.get("dataset_info")
    infos = info if isinstance(info, list) else [info]
    types = {
        str(feature.get("dtype"))
        for item in infos
        if isinstance(item, dict) and isinstance(item.get("features"), list)
        for feature in item["features"]
        if isinstance(feature, dict)
    }
    found: list[str] = [name for name in ("image", "audio", "video") if name in types]
    if types & {"string", "large_string"}:
        found.append("text")
    if any(kind.startswith(("int", "uint", "float")) for kind in types):
        found.append("tabular")
    return found


def _description(source: Source) -> str | None:
    said = source.metadata.get("description")
    if isinstance(said, str):
        return said[:2000]
    found = _DESCRIPTION.search(source.body)
    return found[1].strip()[:500] if found else None


def _citation(source: Source) -> str | None:
    found = _CITATION.search(source.body[:200_000])
    return found[0][:4000] if found else None
