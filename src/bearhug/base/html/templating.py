"""Templates whose sentences are translated once, when they are compiled, and not each time a page is rendered."""

from collections.abc import Callable, Mapping
from types import CodeType
from typing import Any

from jinja2 import Environment, nodes
from jinja2.visitor import NodeTransformer
from markupsafe import Markup


class OneLanguage(Environment):
    """An environment in which some functions of one text always say the same: `_("…")`, `static("…")`.

    Where the text is written out, what they say goes into the compiled page; blanks are filled in by each rendering.
    """

    constants: Mapping[str, Callable[[str], str]]

    def compile(  # type: ignore[override]
        self, source: str | nodes.Template, name: str | None = None, filename: str | None = None, **options: Any
    ) -> CodeType:
        tree = self.parse(source, name, filename) if isinstance(source, str) else source
        made: CodeType = super().compile(_Said(self.constants).visit(tree), name, filename, **options)
        return made


class _Said(NodeTransformer):
    """Puts what a call says in its place."""

    def __init__(self, constants: Mapping[str, Callable[[str], str]]) -> None:
        self._constants = constants

    def visit_Call(self, call: nodes.Call) -> nodes.Node:  # noqa: N802
        self.generic_visit(call)
        words = self._words(call)
        if words is None:
            return call
        if not call.kwargs:
            return nodes.Const(words % {}, lineno=call.lineno, environment=call.environment)
        said = nodes.Const(words, lineno=call.lineno, environment=call.environment)
        blanks = [nodes.Pair(nodes.Const(one.key), one.value, lineno=call.lineno) for one in call.kwargs]
        filled = nodes.Dict(blanks, lineno=call.lineno, environment=call.environment)
        return nodes.Mod(said, filled, lineno=call.lineno, environment=call.environment)

    def _words(self, call: nodes.Call) -> Markup | None:
        function = self._constants.get(call.node.name) if isinstance(call.node, nodes.Name) else None
        if function is None or len(call.args) != 1 or call.dyn_args or call.dyn_kwargs:
            return None
        text = call.args[0]
        return Markup(function(text.value)) if isinstance(text, nodes.Const) else None  # noqa: S704 - words of ours
