"""The other side of notebook.py: reads cells as JSON lines, runs them in one namespace, answers as JSON lines."""

import ast
import json
import os
import sys
import textwrap
import traceback
from typing import Any


def run(cell: str, names: dict[str, Any]) -> object:
    """Execute a cell; the value of its last line when that is an expression."""
    tree = ast.parse(textwrap.dedent(cell))
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "<cell>", "exec"), names)
    if last is None:
        return None
    assert isinstance(last, ast.Expr)
    return eval(compile(ast.Expression(last.value), "<cell>", "eval"), names)


def main() -> None:
    """Answer cells until there are no more; what cells print goes to the log."""
    answers, sys.stdout = sys.stdout, sys.stderr
    names: dict[str, Any] = {"__name__": "__main__"}
    own_token = os.environ.get("HF_TOKEN")
    for line in sys.stdin:
        asked = json.loads(line)
        names.update(asked["names"])
        token = own_token if asked["token"] is None else asked["token"]
        os.environ.pop("HF_TOKEN", None)
        if token:
            os.environ["HF_TOKEN"] = token
        value, error = None, None
        try:
            value = run(asked["cell"], names)
        except Exception:  # noqa: BLE001 - a cell may raise anything; its text is the answer
            error = traceback.format_exc()
        answers.write(json.dumps({"value": value, "error": error}, default=str) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
