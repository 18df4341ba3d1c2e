"""The pieces of a loaded model, and how a folder becomes them: classes are chosen from its config."""

from collections.abc import Sequence
from dataclasses import dataclass
from pickle import UnpicklingError
from typing import Any

from bearhug.base.errors import Unprocessable
from bearhug.inference.tasks.source import Source

READERS = {
    "tokenizer": "AutoTokenizer",
    "image_processor": "AutoImageProcessor",
    "feature_extractor": "AutoFeatureExtractor",
    "processor": "AutoProcessor",
}
"""What may stand beside a model, and the class of transformers that finds it."""

UNREADABLE = (OSError, ValueError, KeyError, TypeError, AttributeError, ImportError)
"""How transformers ends on files that are broken or missing."""

FILES = {
    "tokenizer": ("tokenizer.json", "vocab.txt", "vocab.json", "tokenizer_config.json", "*.model", "*.txt"),
    "image_processor": ("preprocessor_config.json", "processor_config.json"),
    "feature_extractor": ("preprocessor_config.json", "processor_config.json"),
}
"""Where each may stand; the first is the usual one."""


@dataclass(frozen=True)
class Parts:
    """A model in evaluation mode and what prepares its inputs."""

    model: Any
    tokenizer: Any = None
    image_processor: Any = None
    feature_extractor: Any = None
    processor: Any = None


def load(source: Source, heads: Sequence[str], needs: Sequence[str]) -> Parts:
    """Read `needs` and the model from a folder; the first of `heads` (Auto classes) that knows the config is taken."""
    import transformers

    speech: Any = transformers.logging
    speech.set_verbosity_error()
    speech.disable_progress_bar()
    config = _read(source, transformers.AutoConfig, "config.json")
    found = {need: _read(source, getattr(transformers, READERS[need]), need) for need in needs}
    return Parts(_model(source, config, heads), **found)


def _read(source: Source, kind: Any, what: str) -> Any:
    try:
        return kind.from_pretrained(str(source.folder), **source.options())
    except UNREADABLE as error:
        if "trust_remote_code" in str(error):
            raise Unprocessable(
                "This model comes with code of its own, which runs only if the administrator of this hub allows it."
            ) from error
        usual, *others = FILES.get(what, ("config.json",))
        if not any(any(source.folder.glob(name)) for name in (usual, *others)):
            raise Unprocessable(
                f"This model has no {usual}, which this task needs. Add it, or ask the model for what it was made for."
            ) from error
        raise Unprocessable(
            f"The {what.replace('_', ' ')} of this model cannot be read: {first_line(error)}"
        ) from error


def _model(source: Source, config: Any, heads: Sequence[str]) -> Any:
    import torch
    import transformers
    from safetensors import SafetensorError

    kind = next(
        (auto for auto in (getattr(transformers, head) for head in heads) if _knows(auto, config, source)), None
    )
    if kind is None:
        names = ", ".join(getattr(config, "architectures", None) or [config.model_type])
        raise Unprocessable(f"This model ({names}) has no head for this task.")
    gpu = torch.cuda.is_available()
    options = {**source.weights(), "config": config, "dtype": "auto" if gpu else torch.float32}
    try:
        model, found = kind.from_pretrained(str(source.folder), output_loading_info=True, **options)
    except (*UNREADABLE, RuntimeError, SafetensorError, UnpicklingError) as error:
        raise Unprocessable(f"The weights of this model cannot be read: {first_line(error)}") from error
    _refuse_untrained(model, found)
    return model.to("cuda" if gpu else "cpu").eval()


def _knows(auto: Any, config: Any, source: Source) -> bool:
    own = getattr(config, "auto_map", None) or {}
    return type(config) in auto._model_mapping or (source.code and auto.__name__ in own)  # noqa: SLF001 - the only list there is


def _refuse_untrained(model: Any, found: Any) -> None:
    """transformers fills what is missing with random numbers; answers from those would be noise."""
    missing = sorted(found.get("missing_keys") or ())
    heads = [name for name in missing if not name.startswith(f"{model.base_model_prefix}.") or "pooler" not in name]
    if heads:
        raise Unprocessable(
            f"This model was not trained for this task: its files have no weights for {', '.join(heads[:3])}."
        )


def first_line(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return (lines[0] if lines else type(error).__name__)[:300]
