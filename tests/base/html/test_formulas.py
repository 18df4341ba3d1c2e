"""Formulas become MathML, or show their source; nothing else comes through."""

import re

import pytest

from bearhug.base.html.markdown import Place, render
from bearhug.base.html.maths import LONGEST


def html_of(text: str) -> str:
    return str(render(text, Place()).html)


@pytest.mark.parametrize(
    "written",
    [
        "so $a^2$ is",
        "so $`a^2`$ is",
        r"so \\(a^2\\) is",
        "so $$a^2$$ is",
        "$$\na^2\n$$",
        "```math\na^2\n```",
        "|$a^2$|\n|-|",
    ],
)
def test_every_way_to_write_a_formula_is_drawn(written: str) -> None:
    assert "<msup><mi>a</mi><mn>2</mn></msup>" in html_of(written)


@pytest.mark.parametrize("written", ["it costs $5 and $10", r"\$a\$", "`$a$`", "```\n$a$\n```", "<p>$a$</p>"])
def test_money_and_code_stay_text(written: str) -> None:
    assert "<math" not in html_of(written)
    assert "$" in html_of(written)


@pytest.mark.parametrize(
    "latex", [r"\nosuch{x}", "{" * 4000, r"\frac", r"\def\a{\a\a}\a", "x" * (LONGEST + 1), r"\href{javascript:x}{y}"]
)
def test_what_is_no_formula_shows_its_source(latex: str) -> None:
    html = html_of(f"$${latex}$$\n")
    assert "<math" not in html
    assert 'class="math-source"' in html


@pytest.mark.parametrize(
    "latex", ["<img src=x onerror=alert(1)>", r"\text{</mtext><script>alert(1)</script>}", "a\"'&<b>"]
)
def test_html_in_a_formula_is_text(latex: str) -> None:
    tags = set(re.findall(r"<([a-z]+)", html_of(f"${latex}$")))
    assert tags <= {"p", "math", "mi", "mo", "mn", "mrow", "mtext", "msub", "code", "span"}


def test_formulas_bring_no_style_of_their_own() -> None:
    html = html_of(r"$$\begin{aligned}a&=b\\c&=d\end{aligned}\color{red}x$$")
    assert " style=" not in html
    assert 'class="math-right"' in html
    assert 'mathcolor="#FF0000"' in html
