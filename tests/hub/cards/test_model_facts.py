"""Facts about models."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.hub.cards.sources import facts, model

from bearhug.formats.values import Json
from bearhug.hub.cards.records import JsonObject, Source

CHAT: dict[str, Json] = {
    "config.json": {"architectures": ["Qwen2ForCausalLM"], "model_type": "qwen2"},
    "tokenizer_config.json": {"eos_token": {"content": "<end>"}, "bos_token": None, "chat_template": "{{ messages }}"},
}
WEIGHTS: JsonObject = {"parameters": {"BF16": 100}, "total": 100}


def test_a_chat_model_has_the_tags_that_pages_show() -> None:
    card: JsonObject = {
        "license": "Apache-2.0",
        "language": ["en", "zh"],
        "tags": ["chat"],
        "datasets": ["ada/corpus"],
        "base_model": "ada/base",
    }
    found = facts(
        model(card, files="model.safetensors", documents=CHAT, body="see arXiv:1810.04805", safetensors=WEIGHTS)
    )
    assert found.tags == (
        "transformers",
        "safetensors",
        "qwen2",
        "text-generation",
        "chat",
        "conversational",
        "en",
        "zh",
        "dataset:ada/corpus",
        "arxiv:1810.04805",
        "base_model:ada/base",
        "base_model:finetune:ada/base",
        "license:apache-2.0",
        "text-generation-inference",
        "endpoints_compatible",
        "region:us",
    )
    assert (found.library_name, found.pipeline_tag, found.licence) == ("transformers", "text-generation", "apache-2.0")
    assert (found.parameters, found.languages, found.datasets) == (100, ("en", "zh"), ("ada/corpus",))


def test_the_configuration_shows_what_snippets_need() -> None:
    found = facts(model(documents=CHAT))
    assert found.config == {
        "architectures": ["Qwen2ForCausalLM"],
        "model_type": "qwen2",
        "tokenizer_config": {"eos_token": "<end>", "chat_template": "{{ messages }}"},
    }
    assert found.transformers_info == {
        "auto_model": "AutoModelForCausalLM",
        "pipeline_tag": "text-generation",
        "processor": "AutoTokenizer",
    }


def test_code_of_the_repository_is_named_as_the_class_to_load() -> None:
    config: JsonObject = {
        "model_type": "own",
        "architectures": ["OwnForCausalLM"],
        "auto_map": {
            "AutoConfig": "c.OwnConfig",
            "AutoModelForCausalLM": "m.OwnForCausalLM",
            "AutoTokenizer": ["x", None],
        },
    }
    found = facts(model(documents={"config.json": config}))
    assert found.transformers_info is not None
    assert found.transformers_info["custom_class"] == "m.OwnForCausalLM"
    assert "custom_code" in found.tags
    assert found.config is not None
    assert found.config["auto_map"] == {"AutoConfig": "c.OwnConfig", "AutoModelForCausalLM": "m.OwnForCausalLM"}


def test_code_of_the_repository_counts_where_its_class_has_an_unknown_name() -> None:
    config: JsonObject = {"architectures": ["ChatGLM"], "auto_map": {"AutoModelForSeq2SeqLM": "m.ChatGLM"}}
    found = facts(model(documents={"config.json": config}))
    assert found.transformers_info == {
        "auto_model": "AutoModelForSeq2SeqLM",
        "custom_class": "m.ChatGLM",
        "pipeline_tag": "text2text-generation",
        "processor": "AutoTokenizer",
    }


def test_a_configuration_that_tells_nothing_still_names_a_class() -> None:
    assert facts(model(documents={"config.json": {"model_type": "odd"}})).transformers_info == {
        "auto_model": "AutoModel"
    }


@pytest.mark.parametrize(
    ("quantization", "tags"),
    [
        ({"quant_method": "gptq", "bits": 4}, {"4-bit", "gptq"}),
        ({"quant_method": "bitsandbytes", "load_in_4bit": True}, {"4-bit", "bitsandbytes"}),
        ({"quant_method": "bitsandbytes", "load_in_8bit": True}, {"8-bit", "bitsandbytes"}),
        ({"quant_method": "fp8"}, {"fp8"}),
        ({"bits": 100, "quant_method": "x" * 100}, set()),
    ],
)
def test_quantisation_is_a_tag(quantization: JsonObject, tags: set[str]) -> None:
    found = facts(model(documents={"config.json": {"model_type": "llama", "quantization_config": quantization}}))
    assert set(found.tags) - {"transformers", "llama", "region:us"} == tags


def test_every_format_of_the_weights_is_a_tag() -> None:
    files = (
        "model.safetensors pytorch_model.bin tf_model.h5 flax_model.msgpack onnx/model.onnx m.gguf rust_model.ot "
        "m.mlpackage/Manifest.json runs/events.out.tfevents.1"
    )
    assert facts(model(files=files)).formats == (
        *("pytorch", "tf", "jax", "rust", "coreml", "onnx", "safetensors", "gguf", "tensorboard"),
    )


def test_a_mask_token_is_told_for_models_that_fill_masks() -> None:
    documents: dict[str, Json] = {
        "config.json": {"architectures": ["BertForMaskedLM"], "model_type": "bert"},
        "special_tokens_map.json": {"mask_token": {"content": "[MASK]"}},
    }
    assert facts(model(documents=documents)).mask_token == "[MASK]"
    assert facts(model({"pipeline_tag": "text-classification"}, documents=documents)).mask_token is None


@pytest.mark.parametrize(
    ("said", "examples"),
    [
        ([{"text": "a"}, "b", 1, {}], [{"text": "a"}, {"text": "b"}]),
        ({"text": "a"}, [{"text": "a"}]),
        (False, None),
        (None, None),
    ],
)
def test_widget_examples_are_told_in_one_shape(said: Json, examples: list[Json] | None) -> None:
    assert facts(model({"widget": said})).widget_data == examples


def test_evaluation_results_are_told_only_if_they_can_be_read() -> None:
    whole: list[Json] = [{"name": "x", "results": []}]
    found = facts(model({"model-index": whole}))
    assert found.model_index == whole
    assert "model-index" in found.tags
    assert facts(model({"model-index": [{"name": "x"}]})).model_index is None


def test_a_gguf_repository_is_a_text_generator_with_a_chat_template() -> None:
    header: JsonObject = {"total": 7, "architecture": "llama", "chat_template": "{{ x }}", "quantize_imatrix_file": "i"}
    found = facts(model({"base_model": "ada/base"}, files="m-Q4_K_M.gguf", gguf=header), "ada/m-GGUF")
    assert found.pipeline_tag == "text-generation"
    assert found.parameters == 7
    assert {"gguf", "conversational", "imatrix", "base_model:quantized:ada/base"} <= set(found.tags)


def test_a_template_beside_the_tokenizer_is_found() -> None:
    found = facts(model({"pipeline_tag": "text-generation"}, chat_template="{{ x }}"))
    assert "conversational" in found.tags
    assert found.config == {"chat_template_jinja": "{{ x }}"}


def test_several_templates_keep_their_names() -> None:
    templates: list[Json] = [{"name": "default", "template": "a"}, {"name": "tool_use", "template": "b"}, {"name": "c"}]
    found = facts(model(documents={"tokenizer_config.json": {"chat_template": templates}}))
    assert found.config == {"tokenizer_config": {"chat_template": templates[:2]}}


_JSON: st.SearchStrategy[Json] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)
_CARD_KEYS = (
    "license language tags pipeline_tag library_name base_model base_model_relation datasets model-index widget "
    "co2_eq_emissions new_version mask_token"
).split()
_CONFIG_KEYS = (
    "architectures model_type auto_map quantization_config text_config sklearn chat_template mask_token _class_name "
    "base_model_name_or_path task_type peft_type num_classes architecture"
).split()
_DOCUMENTS = "config.json tokenizer_config.json adapter_config.json model_index.json processor_config.json".split()


@settings(max_examples=150, deadline=None)
@given(
    card=st.dictionaries(st.sampled_from(_CARD_KEYS), _JSON),
    documents=st.dictionaries(
        st.sampled_from(_DOCUMENTS), st.dictionaries(st.sampled_from(_CONFIG_KEYS), _JSON) | _JSON, max_size=3
    ),
    body=st.text(max_size=50),
)
def test_whatever_is_written_facts_can_be_told(card: JsonObject, documents: dict[str, Json], body: str) -> None:
    found = facts(Source("model", card, body, files=dict.fromkeys(documents, 1), documents=documents))
    json.dumps(vars(found), allow_nan=False)
    assert all(isinstance(tag, str) and tag and len(tag) < 300 for tag in found.tags)
    assert len(set(found.tags)) == len(found.tags)
