"""Code that people copy works as it stands: this hub's address, the repository's name, nothing that breaks out."""

import ast

import pytest

from bearhug.hub.snippets.records import Offer
from bearhug.hub.snippets.service import libraries, programs
from bearhug.hub.snippets.trees import tables

URL = "http://hub.test"
CHAT = {
    "library_name": "transformers",
    "pipeline_tag": "text-generation",
    "tags": ["transformers", "transformers.js", "conversational"],
    "transformers_info": {"auto_model": "AutoModelForCausalLM", "processor": "AutoTokenizer"},
}


def codes(offers: list) -> str:  # type: ignore[type-arg]
    return "\n".join(snippet.code for offer in offers for snippet in offer.snippets)


def test_every_library_of_the_package_is_known() -> None:
    assert len(tables()["libraries"]) > 200
    assert tables()["source"].startswith("@huggingface/tasks ")
    assert "MIT" in tables()["licence"]


@pytest.mark.parametrize("library", tables()["libraries"])
def test_snippets_of_every_library_name_the_repository_and_leave_no_gap(library: str) -> None:
    facts = {"library_name": library, "pipeline_tag": "text-classification", "tags": [library]}
    for offer in libraries("model", "ada/bear", facts, URL):
        for snippet in offer.snippets:
            assert "REPO_" not in snippet.code
            assert "PIPELINE_TAG" not in snippet.code
            assert "{{" not in snippet.code
            assert "https://huggingface.co/ada/bear" not in snippet.code
            assert URL in snippet.code


@pytest.mark.parametrize("library", ["transformers", "audiocraft", "pruna", "espnet"])
def test_a_library_without_code_for_the_model_is_left_out(library: str) -> None:
    found = libraries("model", "ada/bear", {"library_name": library, "tags": [library]}, URL)
    assert [offer.key for offer in found] == ["huggingface_hub"]


def test_code_that_works_for_any_model_comes_without_doubts() -> None:
    found = libraries("model", "ada/bear", {"library_name": "paddlenlp", "tags": ["paddlenlp"]}, URL)
    assert 'AutoModel.from_pretrained("ada/bear"' in found[0].snippets[0].code
    assert "unknown" not in codes(found).lower()


def test_the_library_a_model_was_made_with_comes_first_and_knows_its_task() -> None:
    found = libraries("model", "ada/bear", CHAT, URL)
    assert [offer.key for offer in found] == ["transformers", "transformers.js", "huggingface_hub"]
    pipeline, direct = found[0].snippets
    assert 'pipeline("text-generation", model="ada/bear")' in pipeline.code
    assert 'AutoModelForCausalLM.from_pretrained("ada/bear"' in direct.code
    assert f'env.remoteHost = "{URL}/"' in found[1].snippets[0].code


def test_python_sets_the_address_before_it_imports_a_client() -> None:
    code = libraries("model", "ada/bear", CHAT, URL)[0].snippets[0].code
    body = ast.parse(code).body
    assert ast.unparse(body[1]) == f"os.environ['HF_ENDPOINT'] = '{URL}'"


@pytest.mark.parametrize("trap", ['x"; import os', "a\nb", "../x", "x" * 301, "${HOME}"])
def test_what_a_card_says_cannot_break_out_of_the_code(trap: str) -> None:
    facts = {
        **CHAT,
        "mask_token": trap,
        "transformers_info": {"auto_model": trap, "processor": trap},
        "config": {"architectures": [trap], "peft": {"base_model_name_or_path": trap, "task_type": "CAUSAL_LM"}},
        "base_models": {"models": [{"id": trap}]},
        "card_data": {"instance_prompt": trap.replace("..", "{"), "configs": [{"config_name": trap}] * 2},
        "data_file": trap,
        "formats": ["csv"],
    }
    for key in ("transformers", "peft", "diffusers", "adapter-transformers"):
        for offer in libraries("model", "ada/bear", {**facts, "library_name": key}, URL):
            for snippet in offer.snippets:
                assert trap not in snippet.code
    assert "import os\n\nos.environ" in codes(libraries("dataset", "ada/tracks", facts, URL))


def test_programs_are_offered_for_what_they_can_serve() -> None:
    assert [offer.key for offer in programs("ada/bear", CHAT, URL)] == ["vllm", "sglang"]
    found = programs("ada/bear", {"gguf": {"context_length": 4096}}, URL)
    assert [offer.key for offer in found] == ["llama.cpp"]
    assert f"export HF_ENDPOINT={URL}" in found[0].snippets[0].code
    assert "-hf ada/bear\n" in found[0].snippets[0].code


def test_data_sets_are_read_whole_by_configuration_and_by_file() -> None:
    facts = {
        "formats": ["csv"],
        "data_file": "data/train.csv",
        "card_data": {"configs": [{"config_name": "en"}, {"config_name": "zh"}]},
    }
    found = libraries("dataset", "ada/tracks", facts, URL)
    assert [offer.key for offer in found] == ["datasets", "pandas", "polars", "dask", "duckdb", "huggingface_hub"]
    assert 'load_dataset("ada/tracks", "zh")' in found[0].snippets[1].code
    assert 'pd.read_csv("hf://datasets/ada/tracks/data/train.csv")' in codes(found)
    assert codes(found).count("hf://datasets/ada/tracks/data/train.csv") == 3
    assert all(f'os.environ["HF_ENDPOINT"] = "{URL}"' in offer.snippets[0].code for offer in found)


def test_libraries_that_know_one_host_read_through_the_client_of_the_hub() -> None:
    found = {offer.key: offer.snippets[0].code for offer in _of_file("csv", "train.csv")}
    assert (
        'with HfFileSystem().open("datasets/ada/tracks/train.csv") as file:\n    df = pl.read_csv(file)'
        in found["polars"]
    )
    assert "duckdb.register_filesystem(HfFileSystem())" in found["duckdb"]


@pytest.mark.parametrize(
    ("form", "path", "expected"),
    [
        ("json", "a.jsonl", {"pandas": "lines=True)", "polars": "read_ndjson(file)", "dask": 'a.jsonl")'}),
        ("json", "a.json", {"pandas": 'a.json")', "polars": "read_json(file)", "dask": "lines=False)"}),
        ("csv", "a.tsv", {"pandas": r'sep="\t")', "polars": r'separator="\t")', "dask": r'sep="\t")'}),
        ("parquet", "a.parquet", {"pandas": 'a.parquet")', "polars": "read_parquet(file)", "dask": 'a.parquet")'}),
    ],
)
def test_files_are_read_as_they_are_meant(form: str, path: str, expected: dict[str, str]) -> None:
    found = {offer.key: offer.snippets[0].code for offer in _of_file(form, path)}
    assert {key: found[key].strip().endswith(end) for key, end in expected.items()} == dict.fromkeys(expected, True)
    for code in found.values():
        ast.parse(code)


def _of_file(form: str, path: str) -> list[Offer]:
    return libraries("dataset", "ada/tracks", {"formats": [form], "data_file": path}, URL)
