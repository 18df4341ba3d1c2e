"""`bearhug.pipeline`: a task and its model, ready to be called."""

from pathlib import Path
from typing import Any

from bearhug.base.errors import Unprocessable
from bearhug.inference.local.finding import default_model, folder_of
from bearhug.inference.local.shapes import familiar
from bearhug.inference.tasks import table
from bearhug.inference.tasks.parameters import checked
from bearhug.inference.tasks.parts import READERS, Parts
from bearhug.inference.tasks.source import Source
from bearhug.inference.tasks.task import MOST_INPUTS

FILES = frozenset(
    {
        "image-classification",
        "zero-shot-image-classification",
        "image-segmentation",
        "background-removal",
        "object-detection",
        "depth-estimation",
        "image-to-text",
        "automatic-speech-recognition",
        "audio-classification",
    }
)
"""Tasks whose inputs are files."""


class Pipeline:
    """Calling it gives what transformers' pipelines of that name give; `explain` shows the steps in between."""

    def __init__(self, task: str, doing: Any) -> None:
        self.task = task
        self.doing = doing

    @property
    def model(self) -> Any:
        """The model itself, for whoever wants to look inside."""
        return self.doing.parts.model

    @property
    def tokenizer(self) -> Any:
        """The model's tokenizer, if it has one."""
        return self.doing.parts.tokenizer

    def __call__(self, inputs: Any = None, /, *more: Any, **parameters: Any) -> Any:
        """One input or a list. Questions, tables and candidate labels may be given by name."""
        inputs, parameters = self._understood(inputs, more, parameters)
        best_alone = self.task == "text-classification" and "top_k" not in parameters
        if best_alone:
            parameters["top_k"] = 1
        if self.task == "text-generation":
            parameters.setdefault("return_full_text", True)
        output = self._done(inputs, parameters)
        return familiar(self.task, inputs, output, best_alone=best_alone)

    def plain(self, inputs: Any, **parameters: Any) -> Any:
        """The output as the task's published form has it, ready for JSON."""
        return self._done(self.opened(inputs), parameters)

    def _done(self, inputs: Any, parameters: dict[str, Any]) -> Any:
        """What the task gives; a list longer than one call may hold goes through it in pieces."""
        known = checked(self.doing.__call__, parameters)
        if not isinstance(inputs, list) or len(inputs) <= MOST_INPUTS:
            return self.doing(inputs, **known)
        pieces = (inputs[start : start + MOST_INPUTS] for start in range(0, len(inputs), MOST_INPUTS))
        return [output for piece in pieces for output in self.doing(piece, **known)]

    def together(self, many: list[Any], **parameters: Any) -> list[Any]:
        """As `plain` for each of them, in one go; for the tasks that do this."""
        opened = [self.opened(inputs) for inputs in many]
        found: list[Any] = self.doing.together(opened, **checked(self.doing.__call__, parameters))
        return found

    def explain(self, inputs: Any) -> dict[str, Any]:
        """Tokens and ids, shapes, logits, scores: what happens on the way from the input to the answer."""
        steps = getattr(self.doing, "explain", None)
        if steps is None:
            raise Unprocessable("The steps of this task cannot be shown.")
        found: dict[str, Any] = steps(self.opened(inputs))
        return found

    def opened(self, inputs: Any) -> Any:
        """Names of files as paths, where the task takes files."""
        if self.task not in FILES:
            return inputs
        if isinstance(inputs, list):
            return [self.opened(one) for one in inputs]
        is_file = isinstance(inputs, str) and len(inputs) < 4096 and Path(inputs).expanduser().is_file()
        return Path(inputs).expanduser() if is_file else inputs

    def _understood(self, inputs: Any, more: tuple[Any, ...], named: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
        """Inputs and parameters, however they were given."""
        fields = {
            "question-answering": ("question", "context"),
            "table-question-answering": ("table", "query", "question"),
        }
        wanted = fields.get(self.task, ())
        if inputs is None and wanted:
            inputs = {name: named.pop(name) for name in wanted if name in named}
        if more and "candidate_labels" not in named:
            named["candidate_labels"] = more[0]
        return self.opened(inputs), named


def pipeline(
    task: str,
    model: Any = None,
    *,
    revision: str | None = None,
    allow_pickles: bool = False,
    trust_remote_code: bool = False,
    endpoint: str | None = None,
    **parts: Any,
) -> Pipeline:
    """A task with a model: `OWNER/NAME` of the hub, a folder, a loaded model (with its tokenizer or processor as
    `tokenizer=`, `image_processor=` …), or nothing for the hub's own choice.
    """
    name = table.named(task)
    kind = table.find(name)
    if model is not None and not isinstance(model, str | Path):
        unknown = set(parts) - set(READERS)
        if unknown:
            raise TypeError(f"pipeline() has no argument {min(unknown)!r}")
        return Pipeline(name, kind(Parts(model.eval(), **parts)))
    if parts:
        raise TypeError(f"{', '.join(parts)}: these belong to a model that is loaded already")
    place = model if model is not None else default_model(name, endpoint=endpoint)
    folder = folder_of(place, revision=revision, pickles=allow_pickles, endpoint=endpoint)
    return Pipeline(name, kind.load(Source(folder, pickles=allow_pickles, code=trust_remote_code)))
