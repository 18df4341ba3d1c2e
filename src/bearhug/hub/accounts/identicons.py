"""The picture of somebody who has not given one: drawn from the name, always the same."""

from hashlib import sha256

CELLS = 5
MARGIN = 1


def draw(key: str) -> str:
    """An SVG of a mirrored 5 x 5 pattern in a colour of its own."""
    seed = sha256(key.encode()).digest()
    hue = int.from_bytes(seed[:2]) % 360
    half = (CELLS + 1) // 2
    squares = [
        f'<rect x="{x + MARGIN}" y="{row + MARGIN}" width="1" height="1"/>'
        for row in range(CELLS)
        for column in range(half)
        if seed[2 + row * half + column] & 1
        for x in sorted({column, CELLS - 1 - column})
    ]
    side = CELLS + 2 * MARGIN
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" width="224" height="224" '
        f'shape-rendering="crispEdges"><rect width="{side}" height="{side}" fill="hsl({hue} 45% 92%)"/>'
        f'<g fill="hsl({hue} 55% 45%)">{"".join(squares)}</g></svg>'
    )
