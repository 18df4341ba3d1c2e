"""Where a task's model comes from: a local folder, and what may be loaded from it."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bearhug.base.errors import Unprocessable

LARGEST_CONFIG = 8 << 20
PICKLES = ("pytorch_model*.bin", "*.pt", "*.pth", "*.ckpt", "*.pkl")


def refusal(pickle: str) -> Unprocessable:
    """Why a model is not loaded whose weights are this file."""
    return Unprocessable(
        f"The weights of this model are pickles ({pickle}), which can run code when they are loaded. "
        "Convert them to safetensors, or let the owner allow them by `inference: {pickles: true}` in the card."
    )


@dataclass(frozen=True)
class Source:
    """A folder with a model. `pickles` allows weights that are not safetensors, `code` allows the folder's own code."""

    folder: Path
    pickles: bool = False
    code: bool = False

    def options(self) -> dict[str, Any]:
        """What every `from_pretrained` is told."""
        return {"local_files_only": True, "trust_remote_code": self.code}

    def weights(self) -> dict[str, Any]:
        """What `from_pretrained` of a model is told besides."""
        if any(self.folder.glob("*.safetensors")):
            return {**self.options(), "use_safetensors": True}
        found = [path.name for pattern in PICKLES for path in self.folder.glob(pattern)]
        if found and not self.pickles:
            raise refusal(found[0])
        if not found:
            raise Unprocessable("This repository has no weights in safetensors, so there is nothing to run.")
        return {**self.options(), "use_safetensors": False, "weights_only": True}

    def document(self, name: str) -> dict[str, Any]:
        """A JSON file of the folder as a mapping; empty where it is not there."""
        path = self.folder / name
        if not path.is_file():
            return {}
        if path.stat().st_size > LARGEST_CONFIG:
            raise Unprocessable(f"{name} of this model is too large.")
        try:
            found = json.loads(path.read_bytes())
        except (ValueError, RecursionError) as error:
            raise Unprocessable(f"{name} of this model is not valid JSON.") from error
        return found if isinstance(found, dict) else {}
