"""Which chunks of which xorbs files consist of, and how many bytes those have on the disk."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from bearhug.formats.arrays import NDArray, np
from bearhug.hub.recipes.records import Recipe
from bearhug.hub.xorbs.service import Xorbs

Masks: TypeAlias = "dict[bytes, NDArray[np.bool_]]"


class Coverage:
    """Counts every chunk once, however many files need it."""

    def __init__(self, xorbs: Xorbs) -> None:
        self._xorbs = xorbs

    def of(self, recipes: Iterable[Recipe]) -> Masks:
        """A mask over its chunks for every xorb; what is lost is left out."""
        masks: Masks = {}
        for recipe in recipes:
            for xorb_hash, _, _, start, end in recipe.terms.tolist():
                mask = masks.get(xorb_hash)
                if mask is None:
                    index = self._xorbs.index(xorb_hash)
                    mask = masks[xorb_hash] = np.zeros(index.count if index else 0, np.bool_)
                mask[start:end] = True
        return masks

    def size(self, masks: Masks, within: Masks | None = None) -> int:
        """Bytes on the disk of the chunks that are marked, and marked there as well if there is another."""
        total = 0
        for xorb_hash, mask in masks.items():
            chosen = mask if within is None else mask & within.get(xorb_hash, np.False_)
            index = self._xorbs.index(xorb_hash)
            if index is not None and chosen.any():
                total += int(np.diff(index.offsets.astype(np.int64))[chosen].sum())
        return total
