"""Formulas that people wrote in LaTeX, as MathML that browsers draw by themselves."""

import re
from functools import lru_cache
from html import escape

from math_core import LatexError, LatexToMathML

LONGEST = 5_000
"""Characters of a formula that is drawn; a longer one shows its source."""
LARGEST = 200_000
"""Characters of MathML that one formula may become."""

_ELEMENTS = frozenset(
    "math mi mn mo mrow msub msup msubsup munder mover munderover mfrac msqrt mroot mtable mtr mtd mtext mspace mstyle "
    "mpadded mphantom merror mmultiscripts mprescripts none menclose b i".split()
)
_TAG = re.compile(r"<(/?)([a-zA-Z][\w-]*)((?:\s+[\w-]+=\"[^\"<>]*\")*)\s*(/?)>")
_ATTRIBUTE = re.compile(r"\s+([\w-]+)=\"([^\"<>]*)\"")
_KEPT = frozenset(
    "display displaystyle scriptlevel mathvariant stretchy symmetric largeop movablelimits accent accentunder form "
    "lspace rspace minsize maxsize width height depth voffset linethickness columnspan rowspan mathcolor "
    "mathbackground mathsize".split()
)
_COLOUR = re.compile(r"(?:^|;)\s*color:\s*(#[0-9A-Fa-f]{3,8})")
_writer = LatexToMathML(fancy_error=False)


def inline(latex: str) -> str:
    """MathML of a formula in a line, or its source where it is none."""
    return _drawn(latex.strip(), "inline") or f'<code class="math-source">${escape(latex)}$</code>'


def centred(latex: str) -> str:
    """A formula that stands in a line but is drawn on one of its own."""
    drawn = _drawn(latex.strip(), "block")
    return f'<span class="math-block">{drawn}</span>' if drawn else inline(latex)


def block(latex: str) -> str:
    """MathML of a formula on lines of its own, or its source where it is none."""
    drawn = _drawn(latex.strip(), "block")
    return (
        f'<div class="math-block">{drawn}</div>'
        if drawn
        else f'<pre class="math-source"><code>{escape(latex)}</code></pre>'
    )


@lru_cache(maxsize=2048)
def _drawn(latex: str, display: str) -> str | None:
    if not latex or len(latex) > LONGEST:
        return None
    try:
        made = _writer.convert_with_local_state(latex, displaystyle=display == "block")
    except (LatexError, UnicodeEncodeError):
        return None
    return _checked(made) if len(made) <= LARGEST else None


def _checked(made: str) -> str | None:
    """The MathML without what a page's policy forbids; None if it holds anything that is not MathML."""
    plain = _TAG.sub(_tag, made)
    return None if "\x00" in plain else plain


def _tag(found: re.Match[str]) -> str:
    closing, name, attributes, empty = found.groups()
    if name not in _ELEMENTS:
        return "\x00"
    kept = "".join(_attribute(key, value) for key, value in _ATTRIBUTE.findall(attributes))
    return f"<{closing}{name}{kept}{empty}>"


def _attribute(name: str, value: str) -> str:
    """Styles become classes and colours, for a page allows no style of its own."""
    if name in _KEPT:
        return f' {name}="{value}"'
    if name != "style":
        return ""
    colour = _COLOUR.search(value)
    if colour:
        return f' mathcolor="{colour[1]}"'
    side = next((side for side in ("left", "right") if f"text-align: {side}" in value), None)
    return f' class="math-{side}"' if side else ""
