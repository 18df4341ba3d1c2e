"""Translation: models of one pair of languages, and of many."""

from typing import Any

from bearhug.base.errors import BadRequest
from bearhug.inference.tasks.rewriting import Rewriting, Truncation


class Translation(Rewriting):
    """`{translation_text}`. Models of many languages need `src_lang` and `tgt_lang`, in their own codes."""

    key = "translation_text"

    def __call__(
        self,
        inputs: Any,
        *,
        src_lang: str | None = None,
        tgt_lang: str | None = None,
        truncation: Truncation | bool | None = None,
        clean_up_tokenization_spaces: bool | None = None,
        generate_parameters: dict[str, Any] | None = None,
        seed: int | None = None,
        **generation: Any,
    ) -> Any:
        """A text or a list of texts."""
        self._asked = (src_lang, tgt_lang)
        target = self._target(src_lang, tgt_lang)
        if target is not None:
            generation = {**generation, "forced_bos_token_id": target}
        return self.write(
            inputs, generation, generate_parameters, cut=truncation, tidy=clean_up_tokenization_spaces, seed=seed
        )

    _asked: tuple[str | None, str | None] = (None, None)

    def prefix(self) -> str:
        """T5 models are told the languages in words: `translation_en_to_fr` in their configuration."""
        said = getattr(self.config, "task_specific_params", None) or {}
        source, target = self._asked
        names = [f"translation_{source}_to_{target}"] if source and target else list(said)
        found: dict[str, Any] = next(
            (said[name] for name in names if name.startswith("translation") and name in said), {}
        )
        return str(found.get("prefix") or "")

    def _target(self, source: str | None, target: str | None) -> int | None:
        """Set the language read; give the token that begins the language written."""
        codes = getattr(self.tokenizer, "lang_code_to_id", None) or getattr(self.tokenizer, "lang_to_code", None)
        if hasattr(self.tokenizer, "src_lang") and source:
            self.tokenizer.src_lang = source
        if not target or not hasattr(self.tokenizer, "src_lang"):
            return None
        if hasattr(self.tokenizer, "get_lang_id"):
            return int(self.tokenizer.get_lang_id(target))
        number = codes.get(target) if isinstance(codes, dict) else None
        number = number if isinstance(number, int) else self.tokenizer.convert_tokens_to_ids(target)
        if number is None or number == self.tokenizer.unk_token_id:
            raise BadRequest(f'This model has no language "{target[:40]}". Use its own codes, such as eng_Latn.')
        return int(number)
