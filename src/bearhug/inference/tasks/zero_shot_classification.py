"""Zero-shot classification: any labels, by asking a model of inference whether the text entails each."""

from typing import Any

from bearhug.base.errors import BadRequest
from bearhug.inference.tasks.scores import ranked
from bearhug.inference.tasks.task import like_inputs, texts_of
from bearhug.inference.tasks.text_classification import TextClassification

MOST_LABELS = 200
TEMPLATE = "This example is {}."


class ZeroShotClassification(TextClassification):
    """`[{label, score}, …]` for each text: scores of all labels add up to 1, or stand alone with `multi_label`."""

    def __call__(  # type: ignore[override]
        self,
        inputs: Any,
        *,
        candidate_labels: list[str] | str | None = None,
        hypothesis_template: str = TEMPLATE,
        multi_label: bool = False,
        truncation: bool = False,
    ) -> Any:
        """A text or a list of texts; `candidate_labels` is a list, or a text with commas."""
        labels, texts = labels_of(candidate_labels), texts_of(inputs)
        hypotheses = [filled(hypothesis_template, label) for label in labels]
        rows = self.encoder.rows([text for text in texts for _ in labels], hypotheses * len(texts), cut=truncation)
        logits = self.logits(rows).view(len(texts), len(labels), -1)
        yes, no = self._entailment()
        if multi_label or len(labels) == 1:
            scores = logits[..., [no, yes]].softmax(-1)[..., 1]
        else:
            scores = logits[..., yes].softmax(-1)
        return like_inputs(inputs, [ranked(row, labels, None) for row in scores])

    def explain(self, inputs: Any) -> dict[str, Any]:
        """The steps of one hypothesis; `inputs` is a text, the label is its own first word."""
        [text] = texts_of(inputs)[:1]
        return super().explain({"text": text, "text_pair": TEMPLATE.format(text.split()[0])})

    def _entailment(self) -> tuple[int, int]:
        """Which outputs mean that the hypothesis follows, and that it is contradicted."""
        names = [name.lower() for name in self.labels()]
        yes = next((at for at, name in enumerate(names) if name.startswith("entail")), None)
        if yes is None:
            raise BadRequest("This model was not trained to infer: none of its labels is called entailment.")
        no = next((at for at, name in enumerate(names) if name.startswith("contra")), 0 if yes else -1)
        return yes, no


def labels_of(given: list[str] | str | None) -> list[str]:
    """Labels from a list or a text with commas."""
    parts = given.split(",") if isinstance(given, str) else given or []
    labels = [part.strip() for part in parts if part.strip()]
    if not labels or len(labels) > MOST_LABELS:
        raise BadRequest(f'Send "candidate_labels", 1 to {MOST_LABELS} of them.')
    return labels


def filled(template: str, label: str) -> str:
    """The template with the label in the place of `{}`."""
    if "{}" not in template:
        raise BadRequest('"hypothesis_template" needs a {} where the label goes.')
    return template.replace("{}", label)
