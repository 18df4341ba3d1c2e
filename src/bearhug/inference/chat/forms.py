"""The form of a conversation: it carries everything that was said, so that nothing is kept between two pages."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bearhug.base.errors import BadRequest
from bearhug.inference.chat.parameters import fields, typed
from bearhug.inference.chat.records import Body, By, Talk, Turn

MOST_TURNS = 400
LONGEST_TURN = 200_000
LARGEST_FORM = 4 << 20
SIDES: tuple[By, By] = ("user", "assistant")


def talk(form: Mapping[str, Sequence[str]]) -> Talk:
    """The conversation in a form. `said` are its turns, the reader's first and then in turn; `text` is the new one."""
    said = form.get("said", ())
    if len(said) > MOST_TURNS:
        raise BadRequest("This conversation is too long. Begin a new one.")
    turns = tuple(Turn(SIDES[at % 2], _text(one)) for at, one in enumerate(said))
    values = typed({name: found[0] for name, found in form.items() if found})
    return Talk(turns, _text(_first(form, "system")), _text(_first(form, "text")), values)


def told(found: Talk, do: str) -> Talk:
    """The conversation after a button: `send`, `again:2` for another answer there, `edit:2` that turn, `new`."""
    verb, _, number = do.partition(":")
    at = int(number) if number.isdecimal() and len(number) < 5 else len(found.turns)
    match verb:
        case "new":
            return replace(found, turns=(), draft="")
        case "edit":
            kept = found.turns[:at]
            return replace(found, turns=kept, draft=found.turns[at].text if at < len(found.turns) else found.draft)
        case "again":
            return replace(found, turns=found.turns[:at])
        case _:
            turns = (*found.turns, Turn("user", found.draft)) if found.draft.strip() else found.turns
            return replace(found, turns=turns, draft="")


def wants_answer(found: Talk, do: str) -> bool:
    """Whether the model is to speak now."""
    return not do.startswith(("new", "edit")) and bool(found.turns) and found.turns[-1].by == "user"


def conversation(model: str, found: Talk) -> Body:
    """The request of /v1/chat/completions."""
    system = [{"role": "system", "content": found.system}] if found.system.strip() else []
    messages = [*system, *({"role": turn.by, "content": turn.text} for turn in found.turns)]
    return {"model": model, "messages": messages, **fields(found.values)}


def continuation(model: str, text: str, values: Mapping[str, str]) -> Body:
    """The request of /v1/completions."""
    wanted = fields(values)
    if wanted.pop("logprobs", False):
        wanted["logprobs"] = 1
    return {"model": model, "prompt": text, **wanted}


def _first(form: Mapping[str, Sequence[str]], name: str) -> str:
    return next(iter(form.get(name, ())), "")


def _text(text: str) -> str:
    """Browsers send lines with the ends of old typewriters."""
    if len(text) > LONGEST_TURN:
        raise BadRequest(f"A message has at most {LONGEST_TURN:,} characters.")
    return text.replace("\r\n", "\n")
