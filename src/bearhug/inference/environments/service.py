"""Environments below one folder, each in a folder of its own name and version."""

from collections.abc import Mapping
from pathlib import Path

from bearhug.inference.environments.recipes import RECIPES
from bearhug.inference.environments.records import Recipe

ENVIRONMENTS = "environments"
"""The folder's name below the data folder."""


class Environments:
    """`variables` are those of this machine that programs in environments are told of (GPUs, settings of engines)."""

    def __init__(
        self, root: Path, variables: Mapping[str, str] | None = None, recipes: Mapping[str, Recipe] = RECIPES
    ) -> None:
        self._root = root
        self._recipes = recipes
        self.variables = dict(variables or {})

    def program(self, name: str) -> tuple[str, ...] | None:
        """The command that starts an engine; None while its environment is not there."""
        recipe = self._recipes[name]
        folder = self._root / recipe.folder_name
        first, *others = recipe.program
        return (str(folder / first), *others) if (folder / first).exists() else None
