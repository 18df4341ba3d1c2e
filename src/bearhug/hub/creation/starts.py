"""What a new repository can begin with: a card to fill in, or a small application that runs."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

LANGUAGES = ("en", "zh")


@dataclass(frozen=True)
class Start:
    """One template. `files` are paths and the texts they come from; `sdk` and `facts` go into a Space's metadata."""

    key: str
    label: str
    about: str
    files: Mapping[str, str]
    sdk: str = ""
    facts: tuple[str, ...] = ()


NOTHING = Start("", "Empty", "Nothing but what git needs.", {})
STARTS = {
    "model": (
        NOTHING,
        Start("card", "Card to fill in", "A README with the questions that readers have.", {"README.md": "model-card"}),
    ),
    "dataset": (
        NOTHING,
        Start(
            "card", "Card to fill in", "A README with the questions that readers have.", {"README.md": "dataset-card"}
        ),
    ),
    "space": (
        Start(
            "static", "Static page", "HTML, style and script.", {"index.html": "page", "style.css": "style"}, "static"
        ),
        Start(
            "gradio",
            "Gradio",
            "A form in Python that says hello.",
            {"app.py": "gradio", "requirements.txt": "gradio-needs"},
            "gradio",
            ("app_file: app.py",),
        ),
        Start(
            "docker",
            "Docker",
            "The smallest web server in a container.",
            {"Dockerfile": "docker", "server.py": "server"},
            "docker",
            ("app_port: 7860",),
        ),
        Start("", "Empty", "Nothing but what git needs.", {}, "gradio"),
    ),
}


def start_of(kind: str, key: str) -> Start | None:
    return next((start for start in STARTS[kind] if start.key == key), None)


def seeds(kind: str, start: Start, *, name: str, licence: str, language: str) -> dict[str, bytes]:
    """Path to content; a card written for readers of one language."""
    made = {path: _text(source, language).replace("{name}", name) for path, source in start.files.items()}
    lines = [f"license: {licence}"] if licence else []
    if kind == "space":
        lines = [f"title: {name}", f"sdk: {start.sdk}", *start.facts, *lines]
    if made and (lines or "README.md" in made):
        head = "".join(f"{line}\n" for line in lines)
        made["README.md"] = f"---\n{head}---\n{made.get('README.md', '')}" if head else made["README.md"]
    return {path: text.encode() for path, text in made.items()}


def _text(source: str, language: str) -> str:
    """The text in that language, or the one that needs none."""
    folder = files("bearhug.hub.creation").joinpath("data")
    translated = folder.joinpath(f"{source}.{language if language in LANGUAGES else LANGUAGES[0]}.txt")
    return (translated if translated.is_file() else folder.joinpath(f"{source}.txt")).read_text("utf-8")
