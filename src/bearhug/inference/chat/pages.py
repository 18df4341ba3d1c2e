"""The pages on which people talk to models: whom to talk to, one model, two side by side."""

from typing import Any
from urllib.parse import quote, urlencode

from starlette.responses import Response

from bearhug.base.errors import BadRequest, Forbidden, NotFound, RepoNotFound
from bearhug.base.html import languages
from bearhug.base.html.markdown import spoken
from bearhug.base.http.answers import json_answer, redirect
from bearhug.base.http.call import Call
from bearhug.base.http.rows import Row
from bearhug.hub.repo_pages import wire
from bearhug.hub.repo_pages.pages.frame import Frame
from bearhug.hub.repo_pages.records import Band
from bearhug.hub.repos.records import RepoName
from bearhug.inference.chat import drawing, forms
from bearhug.inference.chat.parameters import PARAMETERS, typed
from bearhug.inference.chat.records import Body, Side, Talk, Trouble, Turn
from bearhug.inference.chat.service import CONVERSATIONAL, LISTED, Chats, Mode, mode_of, speaks
from bearhug.inference.code.talks import samples

PATH = "/{ns}/{name}/chat"
COMPARED = "/chat/compare"
WITH = "/chat/with"
ANSWERS = ("turn", "answer", "went_on")
"""Pieces of pages that show an answer: in a conversation, beside another one, behind a text."""
HELLO = {"en": "Tell me about bears.", "zh": "给我讲讲熊吧。"}
BEGUN = {"en": "Once upon a time", "zh": "从前有一只熊，"}
LONGEST_NAME = 300
LARGEST_SHOWN = 4 << 20


class ChatPages:
    """What is shown; what is asked goes through `stream`."""

    def __init__(self, frame: Frame, chats: Chats) -> None:
        self.frame = frame
        self._chats = chats

    def rows(self) -> list[Row]:
        return [
            _page("/chat", self.pick, "Models that one can talk to"),
            _page(PATH, self.one, "A page to talk to a model"),
            _page(WITH, self.deployed, "A page to talk to a deployment with a name of its own"),
            _page(COMPARED, self.compare, "A page to ask two models the same"),
            Row("GET", "/chat/standing", self.standing, "How a model stands that one waits for", "reader", page=True),
            Row(
                "POST",
                "/chat/shown",
                self.shown,
                "An answer, an error or code as the pages of conversations show them",
                body="json",
                page=True,
                returns="a piece of HTML",
                limit=LARGEST_SHOWN,
                refuses=(BadRequest, Forbidden),
            ),
        ]

    # whole pages -------------------------------------------------------------------------------------------

    def pick(self, call: Call) -> Response:
        """The list, or on to the model that was named."""
        name, sign, rev = (call.one("model") or "").strip()[:LONGEST_NAME].partition("@")
        if "/" in name.strip("/"):
            return redirect(
                f"/{quote(name.strip('/'))}/chat" + (f"?rev={quote(rev, safe='')}" if sign else ""), status=303
            )
        found = self._chats.spoken(self.frame.who(call))
        return self.frame.pages.render(call, "chat/pick.html", models=found[:LISTED], more=len(found) > LISTED)

    def one(self, call: Call) -> Response:
        return self.talk(call, self.band(call), _begun(call))

    def deployed(self, call: Call) -> Response:
        """The page of a deployment that has a name of its own."""
        self._chats.waiting(self.frame.who(call), _said(call, "model"))
        return self.talk(call, None, _begun(call))

    def compare(self, call: Call) -> Response:
        named = [name.strip()[:LONGEST_NAME] for name in call.all("model")[:2]]
        talk = Talk((), (call.one("system") or "")[:4000], (call.one("prompt") or "")[:4000], typed({}))
        return self.sides(call, talk, [Side(name) for name in named])

    def band(self, call: Call) -> Band:
        """The band of a model that speaks; its address names no kind."""
        call.params.setdefault("kind", "model")
        band = self.frame.band(call)
        if not speaks(band):
            raise NotFound("This model does not write text, so nobody can talk to it here.")
        return band

    def talk(
        self, call: Call, band: Band | None, talk: Talk, trouble: Trouble | None = None, went_on: Turn | None = None
    ) -> Response:
        """The page of one model; deployments that have a name of their own come without a band."""
        rev = _said(call, "rev")
        named = band.repo.full_name if band is not None else _said(call, "model")
        model = f"{named}@{rev}" if band is not None and rev else named
        converses = band is None or mode_of(band.facts) == "chat"
        mode = mode_of(band.facts if band is not None else {"tags": [CONVERSATIONAL]}, _said(call, "mode"))
        other = {"mode": "text" if mode == "chat" else "chat", **({"rev": rev} if rev else {})}
        facts: dict[str, Any] = {
            "status": trouble.status if trouble is not None else 200,
            "address": f"{wire.home(band.repo)}/chat" if band is not None else WITH,
            "other_mode": urlencode(other if band is not None else {"model": model, **other}),
            "code": samples(call.base_url, self._body(call, model, mode, talk)),
            "parameters": PARAMETERS,
            "spoken": spoken,
            "talk": talk,
            "mode": mode,
            "model": model,
            "rev": rev,
            "converses": converses,
            "trouble": trouble,
            "went_on": went_on,
        }
        if band is None:
            return self.frame.pages.render(call, "chat/with.html", **facts)
        return self.frame.render(call, "chat/page.html", band, tab="chat", **facts)

    def sides(self, call: Call, talk: Talk, sides: list[Side]) -> Response:
        """The page of two models."""
        names = [one.name for one in self._chats.spoken(self.frame.who(call))[:LISTED]]
        pair = [*sides, Side(""), Side("")][:2]
        return self.frame.pages.render(
            call,
            "chat/compare.html",
            talk=talk,
            sides=pair,
            names=names,
            parameters=PARAMETERS,
            spoken=spoken,
        )

    # pieces of pages ---------------------------------------------------------------------------------------

    def standing(self, call: Call) -> Response:
        model = (call.one("model") or "")[:LONGEST_NAME]
        found = self._chats.waiting(self.frame.who(call), model)
        mode = self.mode(call, model)
        return json_answer({"state": found.state, "seconds": found.seconds, "before": found.before, "mode": mode})

    def mode(self, call: Call, model: str) -> Mode:
        """Whether a model holds conversations or goes on with texts; of deployments with own names nothing is known."""
        owner, _, name = model.partition("@")[0].partition(":")[0].partition("/")
        try:
            return mode_of(self.frame.fronts.band(self.frame.who(call), RepoName("model", owner, name)).facts)
        except RepoNotFound:
            return "chat"

    def shown(self, call: Call) -> Response:
        """What a script may put into its page. Only scripts of this hub's pages can send the header."""
        said, kind = call.json(), call.header("x-fragment")
        facts: dict[str, Any] = {"spoken": spoken}
        if kind == "code":
            form = drawing.form_of(said)
            return self._code(call, forms.talk(form), form)
        if kind == "trouble":
            facts["trouble"] = drawing.trouble(said)
        elif kind in ANSWERS:
            before = drawing.text_of(said.get("before"), forms.LONGEST_TURN)
            facts |= {"turn": drawing.watched(said), "place": drawing.place_of(said), "before": before}
        else:
            raise BadRequest("x-fragment names a piece of a page.")
        return self.frame.pages.render(call, f"chat/{kind}.html", **facts)

    def _code(self, call: Call, talk: Talk, form: Any) -> Response:
        model = form.get("model", [""])[0][:LONGEST_NAME]
        body = self._body(call, model, mode_of({}, form.get("mode", ["chat"])[0]), talk)
        return self.frame.pages.render(call, "chat/code.html", code=samples(call.base_url, body))

    def _body(self, call: Call, model: str, mode: Mode, talk: Talk) -> Body:
        """The request that the page would send now, in short: of the turns only the last one of the reader's."""
        language = languages.wanted(call)
        values = {name: value for name, value in talk.values.items() if name != "logprobs"}
        try:
            if mode == "text":
                return forms.continuation(model, talk.draft or BEGUN[language], values)
            asked = talk.draft or next((turn.text for turn in reversed(talk.turns) if turn.by == "user"), "")
            turns = (Turn("user", asked or HELLO[language]),)
            return forms.conversation(model, Talk(turns, talk.system, "", values))
        except BadRequest:
            return self._body(call, model, mode, Talk(talk.turns, talk.system, talk.draft))


def _begun(call: Call) -> Talk:
    """What an address says of a conversation."""
    names = ("system", "prompt", *(one.name for one in PARAMETERS))
    asked = {name: text[: forms.LONGEST_TURN] for name in names if (text := call.one(name)) is not None}
    return Talk((), asked.get("system", ""), asked.get("prompt", ""), typed({}) | asked)


def _said(call: Call, name: str) -> str:
    """A word of the form, else of the address."""
    form = call.form() if call.method == "POST" else {}
    return (next(iter(form.get(name, ())), "") or call.one(name) or "")[:LONGEST_NAME]


def _page(path: str, answer: Any, summary: str) -> Row:
    refuses = (RepoNotFound, NotFound, BadRequest)
    return Row("GET", path, answer, summary, audience="reader", page=True, returns="HTML", refuses=refuses)
