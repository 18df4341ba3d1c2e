"""What summarisation, translation and text-to-text have in common: an encoder reads, a decoder writes."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from bearhug.inference.tasks import tally
from bearhug.inference.tasks.encoding import Encoder
from bearhug.inference.tasks.parts import Parts
from bearhug.inference.tasks.task import Task, texts_of
from bearhug.inference.tasks.writing import generate, merged

Truncation = Literal["do_not_truncate", "longest_first", "only_first", "only_second"]


class Rewriting(Task):
    """One text in, one out, under the name that the task gives it."""

    heads = ("AutoModelForSeq2SeqLM",)
    key: ClassVar[str]

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts)
        self.encoder = Encoder(self.tokenizer, self.config)

    def prefix(self) -> str:
        """What the model wants to see before the text; T5 writes it into its configuration."""
        return ""

    def write(
        self,
        inputs: Any,
        options: Mapping[str, Any],
        nested: Mapping[str, Any] | None,
        *,
        cut: Truncation | bool | None,
        tidy: bool | None,
        seed: int | None = None,
    ) -> Any:
        """`{key: text}` for a text, a list of those for a list or for several sequences of one text."""
        options = merged(options, nested)
        prefix = self.prefix()
        rows = self.encoder.rows(
            [prefix + text for text in texts_of(inputs)], cut=cut not in (None, False, "do_not_truncate")
        )
        found: list[list[dict[str, str]]] = [[] for _ in rows]
        for places, batch in self.encoder.batches(rows):
            ids = generate(self.model, _known(self.model, batch), options, self.stop, seed=seed)
            tally.written(int((ids[:, 1:] != self.tokenizer.pad_token_id).sum()))  # the first only begins the answer
            several = len(ids) // len(places)
            for at, row in enumerate(ids):
                text = self.tokenizer.decode(row, skip_special_tokens=True, clean_up_tokenization_spaces=tidy)
                found[places[at // several]].append({self.key: text.strip()})
        if not isinstance(inputs, list):
            return found[0][0] if len(found[0]) == 1 else found[0]
        return [one[0] if len(one) == 1 else one for one in found]

    def explain(self, inputs: Any) -> dict[str, Any]:
        """What the encoder reads and what the decoder writes, token by token."""
        [text] = texts_of(inputs)[:1]
        row = self.encoder.rows([self.prefix() + text], cut=True)[0]
        batch = _known(self.model, self.encoder.padded([row]))
        ids = generate(self.model, batch, {"max_new_tokens": 40}, self.stop)[0].tolist()
        written = self.encoder.pieces({"input_ids": ids})
        shapes = {"input_ids": [1, len(row["input_ids"])], "decoder_output": [1, len(ids)]}
        return {"tokens": self.encoder.pieces(row), "shapes": shapes, "written": written}


def _known(model: Any, batch: Any) -> dict[str, Any]:
    """Without token types, which encoders of sequences do not read."""
    return {name: tensor.to(model.device) for name, tensor in batch.items() if name != "token_type_ids"}
