"""What is known of a model, as answers to the questions of the trees and as words that stand in their texts."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from bearhug.formats.values import list_of, mapping_of, text_of

CONFIG = (
    "architectures",
    "adapter_transformers.model_name",
    "keras_hub.tasks",
    "peft.base_model_name_or_path",
    "peft.task_type",
    "quantization_config.quant_method",
    "sklearn.model.file",
    "sklearn.model_format",
    "speechbrain.speechbrain_interface",
)
WORDS = {
    "AUTO_MODEL": "transformersInfo.auto_model",
    "AUTO_PROCESSOR": "transformersInfo.processor",
    "ARCHITECTURE": "config.architectures",
    "ADAPTED/MODEL": "config.adapter_transformers.model_name",
    "KERAS_TASK": "config.keras_hub.tasks",
    "PEFT_BASE/MODEL": "config.peft.base_model_name_or_path",
    "SKLEARN_FILE": "config.sklearn.model.file",
    "SKLEARN_FORMAT": "config.sklearn.model_format",
    "BASE_OWNER/BASE_NAME": "cardData.base_model",
    "INSTANCE_PROMPT": "cardData.instance_prompt",
    "MASK_TOKEN": "mask_token",
    "PIPELINE_TAG": "pipeline_tag",
}
"""Words that the texts hold where the functions would have put what they were told."""
_PLAIN = re.compile(r"[\w./<>\[\]|@+-]{1,200}", re.ASCII)
_PROMPT = re.compile(r"[\w ,.:;!?()/+-]{1,300}")


def known(facts: Mapping[str, Any]) -> dict[str, str]:
    """Answers by question. What could break out of the quotes it will stand in is not known."""
    return {question: answer for question, answer in _found(facts) if answer and _fits(question, answer)}


def filled(text: str, full_name: str, answers: Mapping[str, str]) -> str:
    """A text with the names put in."""
    words = {word: answers.get(question, word) for word, question in WORDS.items()}
    words |= {
        "REPO_OWNER/REPO_NAME": full_name,
        "REPO_NAME": full_name.rpartition("/")[2],
        ":{{QUANT_TAG}}": "",
        "{{GGUF_FILE}}": "*.gguf",
    }
    pattern = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    return re.sub(pattern, lambda found: words[found[0]], text)


def _found(facts: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    config, card = mapping_of(facts.get("config")), mapping_of(facts.get("card_data"))
    info, gguf = mapping_of(facts.get("transformers_info")), mapping_of(facts.get("gguf"))
    bases = list_of(mapping_of(facts.get("base_models")).get("models"))
    yield "pipeline_tag", text_of(facts.get("pipeline_tag")) or ""
    yield "mask_token", text_of(facts.get("mask_token")) or ""
    yield "transformersInfo.auto_model", text_of(info.get("auto_model")) or ""
    yield "transformersInfo.processor", text_of(info.get("processor")) or ""
    yield "cardData.base_model", text_of(mapping_of(bases[0]).get("id")) or "" if bases else ""
    yield "cardData.instance_prompt", text_of(card.get("instance_prompt")) or ""
    yield "gguf.context_length", text_of(gguf.get("context_length")) or ""
    if config.get("chat_template_jinja") or mapping_of(config.get("tokenizer_config")).get("chat_template"):
        yield "config.chat_template_jinja", "yes"
    for path in CONFIG:
        yield f"config.{path}", _below(config, path)
    for tag in list_of(facts.get("tags")):
        yield f"tags.{tag}", "yes"


def _below(config: Mapping[str, Any], path: str) -> str:
    value: Any = config
    for part in path.split("."):
        value = mapping_of(value).get(part)
    return text_of(value[0] if isinstance(value, list) and value else value) or ""


def is_plain(text: str) -> bool:
    """Whether a text can stand between quotes, in any language, without ending them."""
    return bool(_PLAIN.fullmatch(text)) and ".." not in text


def _fits(question: str, answer: str) -> bool:
    return bool(_PROMPT.fullmatch(answer)) if question == "cardData.instance_prompt" else is_plain(answer)
