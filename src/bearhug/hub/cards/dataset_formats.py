"""Format, modalities and size of a data set, from its files and from what the card says of its columns."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bearhug.formats.values import Json, list_of, mapping_of, text_of, whole_of
from bearhug.hub.cards.records import Source
from bearhug.hub.cards.vocabulary import size_category

NOT_DATA = frozenset(
    "readme.md license license.txt license.md .gitattributes .gitignore dataset_infos.json dataset_info.json "
    "dataset_dict.json state.json .huggingface.yaml citation.cff requirements.txt eval.yaml croissant.json".split()
)
COMPRESSED = (".gz", ".zst", ".bz2", ".xz", ".lz4")
TABLES = {
    "parquet": ("parquet",),
    "csv": ("csv", "tsv"),
    "json": ("json", "jsonl", "ndjson"),
    "text": ("txt",),
    "arrow": ("arrow",),
    "lance": ("lance",),
    "webdataset": ("tar",),
}
MEDIA = {
    "image": "jpg jpeg png webp gif bmp tiff tif heic avif".split(),
    "audio": "mp3 wav flac ogg m4a opus aac".split(),
    "video": "mp4 webm avi mov mkv mpeg".split(),
    "document": ["pdf"],
    "3d": "glb gltf obj stl ply nii".split(),
    "geospatial": "geojson shp gpkg".split(),
}
FOLDERS = {"image": "imagefolder", "audio": "audiofolder", "video": "videofolder", "document": "pdffolder"}
LIBRARIES = {
    "parquet": ("datasets", "dask", "pandas", "polars", "mlcroissant"),
    "csv": ("datasets", "pandas", "polars", "mlcroissant"),
    "json": ("datasets", "pandas", "polars", "mlcroissant"),
    "webdataset": ("datasets", "webdataset", "mlcroissant"),
    "lance": ("lance",),
}
ANY_LIBRARIES = ("datasets", "mlcroissant")
COLUMN_MODALITIES = {
    "string": "text",
    "large_string": "text",
    "image": "image",
    "audio": "audio",
    "video": "video",
    "pdf": "document",
    "mesh": "3d",
    "nifti": "3d",
    "date32": "timeseries",
    "date64": "timeseries",
}
NUMBERS = ("int", "uint", "float", "bool", "decimal")
MOST_COLUMNS = 2000
DEEPEST = 8


@dataclass(frozen=True)
class Shape:
    """What a data set is made of."""

    formats: tuple[str, ...] = ()
    modalities: tuple[str, ...] = ()
    libraries: tuple[str, ...] = ()
    size: str | None = None


def shape_of(source: Source) -> Shape:
    """The format that most data files have, the modalities of files and columns, the number of rows if it is told."""
    endings = Counter(_endings(source.files))
    formats = _formats(endings)
    modalities = [name for name, known in MEDIA.items() if any(endings[ending] for ending in known)]
    infos = _infos(source.metadata)
    columns = [kind for info in infos for kind in _columns(info)]
    found = dict.fromkeys([*modalities, *_modalities(columns), *(["text"] if formats == ("text",) else [])])
    libraries = LIBRARIES.get(formats[0], ANY_LIBRARIES) if formats else ()
    rows = sum(_rows(info) for info in infos)
    return Shape(formats, tuple(found), libraries, size_category(rows) if rows else None)


def first_file(files: Iterable[str], formats: tuple[str, ...]) -> str | None:
    """A file of the format that most data files have; one to train on before others, the first by name."""
    endings = tuple(f".{ending}" for name in formats for ending in TABLES.get(name, ()))
    found = (path for path in files if endings and path.lower().endswith(endings))
    data = [path for path in found if path.rpartition("/")[2].lower() not in NOT_DATA]
    return min(data, key=lambda path: ("train" not in path.lower(), path), default=None)


def _endings(paths: Iterable[str]) -> Iterator[str]:
    for path in paths:
        name = path.lower().rpartition("/")[2]
        if name in NOT_DATA or name.startswith("."):
            continue
        stem = next((name.removesuffix(end) for end in COMPRESSED if name.endswith(end)), name)
        if "." in stem:
            yield stem.rpartition(".")[2]


def _formats(endings: Mapping[str, int]) -> tuple[str, ...]:
    """A folder of media counts as one format although a table may describe it."""
    tables = {name: sum(endings.get(ending, 0) for ending in known) for name, known in TABLES.items()}
    media = {FOLDERS[name]: sum(endings.get(ending, 0) for ending in MEDIA[name]) for name in FOLDERS}
    name, count = max((*tables.items(), *media.items()), key=lambda item: item[1])
    return (name,) if count else ()


def _infos(card: Mapping[str, Json]) -> list[Mapping[str, Json]]:
    info = card.get("dataset_info")
    return [mapping_of(item) for item in (info if isinstance(info, list) else [info])]


def _rows(info: Mapping[str, Json]) -> int:
    splits = (whole_of(mapping_of(split).get("num_examples")) or 0 for split in list_of(info.get("splits")))
    return sum(rows for rows in splits if rows > 0)


def _columns(info: Mapping[str, Json]) -> Iterator[str]:
    """Types of the columns, those inside of lists and structures too."""
    level = list_of(info.get("features"))[:MOST_COLUMNS]
    for _ in range(DEEPEST):
        inner: list[Json] = []
        for column in map(mapping_of, level):
            for key in ("dtype", "list", "sequence", "struct"):
                value = column.get(key)
                if isinstance(value, str):
                    yield value
                elif key != "dtype" or isinstance(value, dict):
                    inner += _inner(value)
        level = inner[:MOST_COLUMNS]


def _inner(value: Json) -> list[Json]:
    """Columns below a column; `dtype: {class_label: …}` names a type, what stands below it is no column."""
    if isinstance(value, dict):
        return [{"dtype": key} for key in value if key == "class_label" or key in COLUMN_MODALITIES] or [value]
    return list_of(value)


def _modalities(columns: Iterable[str]) -> Iterator[str]:
    for kind in columns:
        plain = text_of(kind.partition("[")[0]) or ""
        if plain in COLUMN_MODALITIES:
            yield COLUMN_MODALITIES[plain]
        elif plain.startswith(("timestamp", "time", "duration")):
            yield "timeseries"
        elif plain.startswith(NUMBERS) or plain == "class_label":
            yield "tabular"
