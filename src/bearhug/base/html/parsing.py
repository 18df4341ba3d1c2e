"""GitHub's Markdown as a parser: tables, tasks, footnotes, alerts, bare links, formulas, diagrams, emoji."""

import json
import re
import secrets
import time
from collections.abc import Callable, Sequence
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.gfm import gfm_plugin

from bearhug.base.html import code, maths

SECONDS = 1.0
"""Of a core: what a text may cost to be read."""
MOST_PIECES = 5_000
LONGEST_COLOURED = 20_000
"""Characters of one piece of code that is coloured; a longer one stays plain."""
MOST_DIAGRAMS = 20
LONGEST_DIAGRAM = 20_000
_EMOJI = re.compile(r":([a-z0-9_+-]{1,40}):")
_BRACKETED = re.compile(r"\\\\([(\[])((?:(?!\n\n).){1,5000}?)\\\\([)\]])", re.DOTALL)
_EVERY = 32


class TooMuch(ValueError):
    """The text takes longer to read than its length says."""


class Making:
    """One text being made: what it may still cost, and the pieces that are put into it after cleaning."""

    def __init__(self) -> None:
        self.diagrams = 0
        self._mark = f"piece{secrets.token_hex(8)}n"
        self._pieces: list[str] = []
        self._end = time.thread_time() + SECONDS
        self._steps = 0

    def keep(self, piece: str) -> str:
        """A word that stands for a piece of HTML made here, in a form that can do no harm."""
        self._pieces.append(piece)
        return f"{self._mark}{len(self._pieces) - 1};"

    def put_back(self, html: str) -> str:
        pattern = re.compile(f"{self._mark}([0-9]{{1,7}});")
        return pattern.sub(lambda found: self._pieces[int(found[1])], html)

    def formula(self, latex: str, draw: Callable[[str], str]) -> str:
        return self.keep(draw(latex)) if len(self._pieces) < MOST_PIECES else escape(latex)

    def code(self, text: str, language: str) -> str:
        """A fenced piece of text: a formula, a diagram, or source."""
        if language == "math":
            return self.formula(text, maths.block)
        if language == "mermaid" and self.diagrams < MOST_DIAGRAMS and len(text) <= LONGEST_DIAGRAM:
            self.diagrams += 1
            return self.keep(f'<pre class="diagram"><code>{escape(text)}</code></pre>')
        is_plain = len(text) > LONGEST_COLOURED or self.is_spent()
        return self.keep(f"<pre><code>{escape(text) if is_plain else code.by_language(text, language)}</code></pre>")

    def is_spent(self) -> bool:
        return time.thread_time() > self._end

    def guard(self, _state: StateInline | StateBlock, *_rest: object) -> bool:
        """A rule that never applies; it ends the reading of a text that takes too long."""
        self._steps += 1
        if self._steps % _EVERY == 0 and self.is_spent():
            raise TooMuch
        return False


def parser(making: Making) -> MarkdownIt:
    """A parser and renderer for one text. Parsing raises TooMuch."""
    made = MarkdownIt("commonmark", {"html": True, "linkify": False})
    made.use(gfm_plugin)
    made.use(
        dollarmath_plugin,
        allow_labels=False,
        allow_space=False,
        allow_digits=False,
        allow_blank_lines=False,
        double_inline=True,
    )
    made.inline.ruler.before("math_inline", "bracketed", _bracketed)
    made.inline.ruler.after("escape", "emoji", _emoji)
    made.inline.add_terminator_char(":")
    made.inline.ruler.before("text", "guard", making.guard)
    made.block.ruler.before("table", "guard", making.guard)
    _draw(made, making)
    return made


def _draw(made: MarkdownIt, making: Making) -> None:
    def fence(_self: Any, tokens: Sequence[Token], at: int, _options: Any, _env: Any) -> str:
        words = tokens[at].info.split(maxsplit=1)
        return making.code(tokens[at].content, words[0].lower() if words else "")

    def drawn_by(draw: Callable[[str], str]) -> Callable[..., str]:
        def formula(_self: Any, tokens: Sequence[Token], at: int, _options: Any, _env: Any) -> str:
            return making.formula(tokens[at].content.strip("`"), draw)

        return formula

    def cell(_self: Any, tokens: Sequence[Token], at: int, _options: Any, _env: Any) -> str:
        side = str(tokens[at].attrGet("style") or "").removeprefix("text-align:")
        return f'<{tokens[at].tag} align="{side}">' if side in {"left", "center", "right"} else f"<{tokens[at].tag}>"

    def item(renderer: Any, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
        """Boxes are signs: nobody could press them, and whoever listens to the page hears what they say."""
        checked = tokens[at].meta.get("checked")
        sign = "" if checked is None else "☑ " if checked else "☐ "
        return f"{renderer.renderToken(tokens, at, options, env)}{sign}"

    made.add_render_rule("list_item_open", item)
    made.add_render_rule("fence", fence)
    made.add_render_rule("th_open", cell)
    made.add_render_rule("td_open", cell)
    made.add_render_rule("math_inline", drawn_by(maths.inline))
    made.add_render_rule("math_inline_double", drawn_by(maths.centred))
    made.add_render_rule("math_block", drawn_by(maths.block))


def _bracketed(state: StateInline, silent: bool) -> bool:
    r"""Formulas between `\\(` and `\\)`, or `\\[` and `\\]`: the other way in which cards write them."""
    found = _BRACKETED.match(state.src, state.pos, state.posMax) if state.src[state.pos] == "\\" else None
    if not found or found[1] + found[3] not in {"()", "[]"}:
        return False
    if not silent:
        token = state.push("math_inline" if found[1] == "(" else "math_inline_double", "math", 0)
        token.content = found[2]
    state.pos = found.end()
    return True


def _emoji(state: StateInline, silent: bool) -> bool:
    found = _EMOJI.match(state.src, state.pos, state.posMax) if state.src[state.pos] == ":" else None
    known = _shortcodes().get(found[1]) if found else None
    if not found or not known:
        return False
    if not silent:
        state.pending += known
    state.pos = found.end()
    return True


@cache
def _shortcodes() -> dict[str, str]:
    words: dict[str, str] = json.loads((Path(__file__).parent / "data" / "emoji.json").read_text("utf-8"))
    return words
