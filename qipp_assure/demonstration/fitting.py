"""Whole numbers that add up: one total split by weights, and a table fitted to both its margins.

Published totals have to come out to the pound after they were split among regions, areas, lines
and months, so nothing here is left to rounding.
"""

from __future__ import annotations

from collections.abc import Sequence

_ROUNDS = 500
_CLOSE = 1e-9


def split(total: int, weights: Sequence[float]) -> list[int]:
    """Split a whole total by weights, largest remainders first, so that the parts add up exactly.

    The total may be negative.  Raises ValueError where there is something to split and no weight.

    >>> split(10, [1, 1, 1]), split(-7, [0, 3]), split(0, [])
    ([4, 3, 3], [0, -7], [])
    """
    if total < 0:
        return [-part for part in split(-total, weights)]
    whole = sum(weights)
    if whole <= 0 or any(weight < 0 for weight in weights):
        if total == 0 and not any(weight < 0 for weight in weights):
            return [0] * len(weights)
        message = "weights must not be negative, and one at least must be above nothing"
        raise ValueError(message)
    # Integer weights keep the shares exact however large the total is.
    fine = [int(weight / whole * 10**15) for weight in weights]
    base = sum(fine)
    parts = [total * weight // base for weight in fine]
    order = sorted(
        (index for index, weight in enumerate(fine) if weight),
        key=lambda index: (-(total * fine[index] % base), index),
    )
    for index in order[: total - sum(parts)]:
        parts[index] += 1
    return parts


def fit_table(
    seed: Sequence[Sequence[float]], rows: Sequence[int], columns: Sequence[int]
) -> list[list[int]]:
    """Fit a table of whole numbers to the totals of its rows and columns, both exactly.

    `seed` gives the shape (all above nothing); iterative proportional fitting brings it to the
    margins, each cell is rounded down, and what the rounding left over is dealt out along rows
    and columns together.  Raises ValueError where the margins cannot be met.

    >>> fit_table([[1, 1], [1, 3]], [10, 20], [12, 18])
    [[6, 4], [6, 14]]
    """
    if sum(rows) != sum(columns):
        message = f"the rows add up to {sum(rows)} and the columns to {sum(columns)}"
        raise ValueError(message)
    if min(*rows, *columns) < 0 or any(value <= 0 for row in seed for value in row):
        message = "totals must not be negative, and every cell of the seed must be above nothing"
        raise ValueError(message)
    real = _proportional(seed, rows, columns)
    table = [[int(value) for value in row] for row in real]
    _deal_out(table, rows, columns)
    return table


def _proportional(
    seed: Sequence[Sequence[float]], rows: Sequence[int], columns: Sequence[int]
) -> list[list[float]]:
    real = [[float(value) for value in row] for row in seed]
    for _ in range(_ROUNDS):
        for column, wanted in enumerate(columns):
            found = sum(row[column] for row in real)
            for row in real:
                row[column] *= wanted / found if found else 0.0
        furthest = 0.0
        for row, wanted in zip(real, rows, strict=True):
            found = sum(row)
            furthest = max(furthest, abs(found - wanted) / max(wanted, 1))
            row[:] = [value * wanted / found if found else 0.0 for value in row]
        if furthest < _CLOSE:
            break
    return real


def _deal_out(table: list[list[int]], rows: Sequence[int], columns: Sequence[int]) -> None:
    """Add what is left over (or take what is too much) where a row and a column both need it."""
    short_rows = [wanted - sum(row) for row, wanted in zip(table, rows, strict=True)]
    short_columns = [
        wanted - sum(row[index] for row in table) for index, wanted in enumerate(columns)
    ]
    # Rounding down leaves rows and columns short; fitting that stopped a hair early may leave one
    # over by a pound, and then the pound moves to a neighbour of the same column first.
    for column, short in enumerate(short_columns):
        if short < 0:
            largest = max(range(len(table)), key=lambda row: table[row][column])
            table[largest][column] += short
            short_rows[largest] -= short
            short_columns[column] = 0
    for row, short in enumerate(short_rows):
        if short < 0:
            largest = max(range(len(columns)), key=lambda column: table[row][column])
            table[row][largest] += short
            short_columns[largest] -= short
            short_rows[row] = 0
    for row, short in enumerate(short_rows):
        left = short
        for column in range(len(columns)):
            step = min(left, short_columns[column])
            table[row][column] += step
            short_columns[column] -= step
            left -= step
