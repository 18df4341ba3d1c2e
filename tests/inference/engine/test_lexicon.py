"""Tokenizers kept without their libraries: they say what transformers say, or are left to them."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tokenizers import Tokenizer, decoders, models, pre_tokenizers

from bearhug.base.errors import BadRequest
from bearhug.inference.engine import choosing, lexicon
from bearhug.inference.engine.words import Words
from bearhug.inference.tasks.source import Source
from bearhug.inference.workers import machine

Family = Callable[[str], tuple[Path, Any]]
TEXTS = ("", "hello", " a  b .", "熊抱🐻 é", "<s>hi</s> there", "x\n\n\ty\u0000", "<|user|>")
TALK = [{"role": "user", "content": "hi"}, {"role": "assistant", "content": "you"}]
READ_AGAIN = """
import sys
from pathlib import Path
from bearhug.inference.engine import lexicon
from bearhug.inference.engine.servant import TextServant
found = lexicon.read(Path(sys.argv[1]))
print(found.encode("hi", special=True), "torch" in sys.modules)
"""


@pytest.fixture(scope="module")
def both(family: Family, tmp_path_factory: pytest.TempPathFactory) -> tuple[Words, Words]:
    """The words of a folder as transformers reads them, and as they are kept."""
    source = Source(family("llama")[0])
    kept = tmp_path_factory.mktemp("kept") / "words"
    assert Words(source, kept).forms == kept
    return Words(source), Words(source, kept)


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("special", [True, False])
def test_kept_words_are_those_of_transformers(both: tuple[Words, Words], text: str, special: bool) -> None:
    plain, kept = both
    ids = kept.encode(text, special=special)
    assert ids == plain.encode(text, special=special)
    assert kept.decode(ids, special=special) == plain.decode(ids, special=special)
    assert kept.pieces(ids) == plain.pieces(ids)
    assert "tokenizer" not in vars(kept)


def test_kept_words_know_what_a_gateway_asks(both: tuple[Words, Words]) -> None:
    plain, kept = both
    assert (len(kept), kept.start, kept.special) == (len(plain), plain.start, plain.special)
    assert kept.template == plain.template
    assert kept.ends({"eos_token_id": 5}, {}) == plain.ends({"eos_token_id": 5}, {})


@pytest.mark.parametrize("wishes", [{}, {"add_generation_prompt": False}, {"enable_thinking": True, "tools": [{}]}])
def test_conversations_are_laid_out_alike(both: tuple[Words, Words], wishes: dict[str, Any]) -> None:
    plain, kept = both
    assert kept.conversation(TALK, **wishes) == plain.conversation(TALK, **wishes)


def test_a_template_of_the_caller_and_a_last_message_to_go_on_work_too(both: tuple[Words, Words]) -> None:
    plain, kept = both
    on = {"add_generation_prompt": False, "continue_final_message": True}
    assert kept.conversation(TALK, **on) == plain.conversation(TALK, **on)
    own = {"chat_template": "{{ bos_token }}{{ messages[0].content | tojson }}"}
    assert kept.conversation(TALK, **own) == plain.conversation(TALK, **own)
    with pytest.raises(BadRequest, match="refuses these messages"):
        kept.conversation(TALK, chat_template="{{ raise_exception('no') }}")


def test_a_tokenizer_that_tidies_texts_is_left_to_transformers(tmp_path: Path) -> None:
    import transformers

    made = Tokenizer(models.WordPiece({"[UNK]": 0, "a": 1, ".": 2}, unk_token="[UNK]"))
    made.pre_tokenizer = pre_tokenizers.Whitespace()
    made.decoder = decoders.WordPiece()
    make: Any = transformers.PreTrainedTokenizerFast
    make(tokenizer_object=made, unk_token="[UNK]", clean_up_tokenization_spaces=True).save_pretrained(tmp_path)
    words = Words(Source(tmp_path), tmp_path / "words")
    assert words.decode(words.encode("a.")) == "a."
    assert "tokenizer" in vars(words)
    assert lexicon.read(tmp_path / "words") is None


def test_a_tokenizer_that_cannot_be_read_says_why_each_time(family: Family, tmp_path: Path) -> None:
    (tmp_path / "config.json").write_bytes((family("llama")[0] / "config.json").read_bytes())
    (tmp_path / "tokenizer.json").write_text("{")
    for _ in range(2):
        with pytest.raises(ValueError, match="Expecting property name"):
            Words(Source(tmp_path), tmp_path / "words").encode("a")
    assert not (tmp_path / "words").exists()


def test_words_are_kept_for_models_that_run_as_graphs_alone(family: Family, tmp_path: Path) -> None:
    source = Source(family("llama")[0])
    assert choosing.words_of(source, {"graphs": str(tmp_path)}) == tmp_path / lexicon.folder_name()
    assert choosing.words_of(source, {"graphs": str(tmp_path), "engine": "transformers"}) is None
    assert choosing.words_of(Source(tmp_path), {"graphs": str(tmp_path)}) is None


@pytest.mark.slow
def test_another_process_writes_them_and_the_next_needs_no_heavy_library(family: Family, tmp_path: Path) -> None:
    source = Source(family("llama")[0])
    sides = [*machine.OWN_PYTHON, "-m", lexicon.__name__, str(source.folder), str(tmp_path / "words")]
    subprocess.run(sides, check=True, capture_output=True)
    again = subprocess.run(
        [sys.executable, "-c", READ_AGAIN, str(tmp_path / "words")], check=True, capture_output=True, text=True
    )
    ids = Words(source).encode("hi")
    assert again.stdout == f"{ids} False\n"
