"""The table of kinds: which files are looked at, and how."""

from bearhug.hub.previews.archives import archive
from bearhug.hub.previews.columns import columns
from bearhug.hub.previews.media import document, picture, sound
from bearhug.hub.previews.notebooks import notebook
from bearhug.hub.previews.records import Kind
from bearhug.hub.previews.sheets import sheet
from bearhug.hub.previews.trees import forest, tree
from bearhug.hub.previews.weights import tensors_of_gguf, tensors_of_safetensors

PICTURES = (".avif", ".bmp", ".gif", ".ico", ".jpeg", ".jpg", ".png", ".webp")

KINDS: tuple[Kind, ...] = (
    Kind("picture", PICTURES, picture, costly=False),
    Kind("picture", (".svg",), picture, textual=True, costly=False),
    Kind("audio", (".flac", ".m4a", ".mp3", ".ogg", ".opus", ".wav"), sound, costly=False),
    Kind("video", (".mp4", ".webm"), sound, costly=False),
    Kind("document", (".pdf",), document, costly=False),
    Kind("sheet", (".csv", ".tsv", ".tab"), sheet, textual=True),
    Kind("columns", (".parquet",), columns),
    Kind("tree", (".json", ".geojson", ".webmanifest"), tree, textual=True),
    Kind("forest", (".jsonl", ".ndjson"), forest, textual=True),
    Kind("notebook", (".ipynb",), notebook, textual=True),
    Kind("weights", (".safetensors",), tensors_of_safetensors),
    Kind("weights", (".gguf",), tensors_of_gguf),
    Kind("archive", (".zip", ".tar", ".tar.gz", ".tgz"), archive),
)
