"""What a model was made from."""

import pytest
from tests.hub.cards.sources import facts, model

from bearhug.formats.values import Json
from bearhug.hub.cards.records import JsonObject

BASE: JsonObject = {"base_model": "ada/base"}


@pytest.mark.parametrize(
    ("card", "documents", "name", "relation"),
    [
        (BASE, {}, "ada/model", "finetune"),
        ({**BASE, "base_model_relation": "merge"}, {}, "ada/model", "merge"),
        ({**BASE, "base_model_relation": "nonsense"}, {}, "ada/model", "finetune"),
        (BASE, {"adapter_config.json": {}}, "ada/model", "adapter"),
        ({**BASE, "tags": ["lora"]}, {}, "ada/model", "adapter"),
        ({"base_model": ["ada/a", "ada/b"]}, {}, "ada/model", "merge"),
        ({**BASE, "tags": ["mergekit"]}, {}, "ada/model", "merge"),
        (BASE, {"config.json": {"quantization_config": {"bits": 4}}}, "ada/model", "quantized"),
        (BASE, {"config.json": {"quantization": {"bits": 4, "group_size": 64}}}, "ada/model", "quantized"),
        (BASE, {}, "ada/model-AWQ", "quantized"),
        (BASE, {}, "ada/model-4bit-128g", "quantized"),
        (BASE, {}, "awq/model", "finetune"),
    ],
)
def test_the_relation_is_said_or_inferred(
    card: JsonObject, documents: dict[str, Json], name: str, relation: str
) -> None:
    found = facts(model(card, documents=documents), name).base_models
    assert found is not None
    assert found["relation"] == relation


def test_an_adapter_names_its_base_in_its_own_configuration() -> None:
    found = facts(
        model(documents={"adapter_config.json": {"base_model_name_or_path": "ada/base", "peft_type": "LORA"}})
    )
    assert found.base_models == {"relation": "adapter", "models": [{"id": "ada/base"}]}
    assert {"base_model:ada/base", "base_model:adapter:ada/base"} <= set(found.tags)


@pytest.mark.parametrize("base", ["/home/ada/out", "./out/run", "a/b/c", "x y", "", "../x", "ada/model", 7, {"a": 1}])
def test_what_is_no_other_repository_is_no_base(base: Json) -> None:
    assert facts(model({"base_model": base})).base_models is None or base == 7
