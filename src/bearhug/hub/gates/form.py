"""The form of a gated repository: read out of its card, and what people answer, checked against it."""

from collections.abc import Mapping, Sequence
from datetime import date

from bearhug.base.errors import BadRequest
from bearhug.formats.values import Json, clean, list_of, mapping_of, text_of
from bearhug.hub.gates.records import Form, Input, Question

MOST_QUESTIONS = 100
LONGEST_LABEL = 500
LONGEST_TEXT = 20_000
LONGEST_ANSWER = 2000
YES = ("true", "on", "1", "yes")

Answers = dict[str, str | bool]


def form_of(card: Mapping[str, Json]) -> Form:
    """The `extra_gated_…` keys of a card; what cannot be asked is left out."""
    asked = mapping_of(card.get("extra_gated_fields"))
    questions = [_question(label, value) for label, value in list(asked.items())[:MOST_QUESTIONS]]
    return Form(
        heading=_text(card, "extra_gated_heading"),
        description=_text(card, "extra_gated_description"),
        prompt=_text(card, "extra_gated_prompt"),
        button=_text(card, "extra_gated_button_content"),
        questions=tuple(question for question in questions if question is not None),
    )


def checked(form: Form, given: Mapping[str, object]) -> Answers:
    """An answer to every question; `BadRequest` names the first that lacks one."""
    return {question.label: _checked(question, given.get(question.label)) for question in form.questions}


def _text(card: Mapping[str, Json], key: str) -> str:
    return (text_of(card.get(key)) or "")[:LONGEST_TEXT]


def _question(label: str, value: Json) -> Question | None:
    described = mapping_of(value)
    kind = text_of(described.get("type") if described else value)
    if kind not in set(Input) or not 0 < len(label) <= LONGEST_LABEL:
        return None
    options = _options(list_of(described.get("options"))) if kind == Input.SELECT else ()
    return None if kind == Input.SELECT and not options else Question(label, Input(kind), options)


def _options(listed: Sequence[Json]) -> tuple[tuple[str, str], ...]:
    found = []
    for option in listed[:MOST_QUESTIONS]:
        described = mapping_of(option)
        value = text_of(described.get("value") if described else option)
        if value is not None:
            found.append((value, text_of(described.get("label")) or value))
    return tuple(found)


def _checked(question: Question, given: object) -> str | bool:
    answer = clean(str(given if given is not None else "").strip())
    if len(answer) > LONGEST_ANSWER:
        raise BadRequest(f'The answer to "{question.label}" may have at most {LONGEST_ANSWER} characters.')
    if question.input is Input.CHECKBOX:
        if answer.lower() not in YES:
            raise BadRequest(f'Agree to "{question.label}" to ask for access.')
        return True
    if not answer:
        raise BadRequest(f'Answer "{question.label}" to ask for access.')
    if question.input is Input.SELECT and answer not in dict(question.options):
        raise BadRequest(f'"{question.label}" is answered with one of its choices.')
    if question.input is Input.DATE and not _is_date(answer):
        raise BadRequest(f'"{question.label}" is answered with a date, year-month-day.')
    return answer


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
