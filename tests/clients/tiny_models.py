"""Tiny models that tests of clients ask, each published when it is first wanted."""

import json
from pathlib import Path

from huggingface_hub import HfApi
from tests.inference import tiny
from tests.live_hub import LiveHub
from tests.people import ADA

TASKS = {
    "bert-classifier": "text-classification",
    "bert-ner": "token-classification",
    "bert-qa": "question-answering",
    "bert-mlm": "fill-mask",
    "bert-nli": "zero-shot-classification",
    "sentences": "sentence-similarity",
    "t5": "summarization",
    "gpt2": "text-generation",
    "tapas": "table-question-answering",
    "vit": "image-classification",
    "clip": "zero-shot-image-classification",
    "segformer": "image-segmentation",
    "yolos": "object-detection",
    "caption": "image-to-text",
    "ctc": "automatic-speech-recognition",
    "sounds": "audio-classification",
}


class TinyModels:
    """ada's models: `models("vit")` is the address of that one."""

    def __init__(self, hub: LiveHub, folder: Path, prefix: str) -> None:
        self._hub = hub
        self._api = HfApi(hub.url, token=hub.token(ADA))
        self._folder = folder
        self._prefix = prefix
        self._known: set[str] = set()

    def __call__(self, name: str, task: str | None = None) -> str:
        """With a `task` the address at which the model does that one, whatever its card says."""
        repo = f"ada/{self._prefix}-{name}"
        if name not in self._known:
            folder = self._folder / name
            folder.mkdir()
            if name == "speaker":
                speaker(folder)
            else:
                tiny.MODELS[name](folder)
            (folder / "README.md").write_text(f"---\npipeline_tag: {TASKS.get(name, 'text-generation')}\n---\n")
            self._api.create_repo(repo)
            self._api.upload_folder(repo_id=repo, folder_path=folder)
            self._known.add(name)
        return f"{self._hub.url}/models/{repo}" + (f"/pipeline/{task}" if task else "")


def speaker(folder: Path) -> None:
    """A language model that answers conversations."""
    from tests.inference.engine.conftest import FAMILIES, write_tokenizer

    FAMILIES["llama"]().save_pretrained(folder)
    write_tokenizer(folder)


def lora(folder: Path, base: str) -> None:
    """An adapter of the model above, as peft writes one."""
    import torch
    from safetensors.torch import save_file

    torch.manual_seed(5)
    name = "base_model.model.model.layers.{}.self_attn.o_proj.lora_{}.weight"
    tensors = {
        name.format(at, half): torch.randn(shape) for at in (0, 1) for half, shape in (("A", (4, 64)), ("B", (64, 4)))
    }
    save_file(tensors, folder / "adapter_model.safetensors", {"format": "pt"})
    config = {"peft_type": "LORA", "task_type": "CAUSAL_LM", "r": 4, "lora_alpha": 4, "target_modules": ["o_proj"]}
    (folder / "adapter_config.json").write_text(json.dumps({**config, "base_model_name_or_path": base}))
