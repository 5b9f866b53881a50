"""Prediction from constituents.

The method is that of the [page on harmonics](../../../concepts/harmonics/#semidiurnal), step by step.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tidewater.stations import Station

NOTE = re.compile(r"\[\^[^\]]+\]|\[[^\]]*\]\([^)]*\)|[^x][y]")
"""Matches `[^1]` and `[text](address)`; see [the patterns](../../../howto/patterns/#classes)."""


def predict(station: Station, days: int = 1) -> Iterator[tuple[float, float]]:
    """Predict heights at a station.

    The sum is taken in the order that [the manual of the format](https://formats.example/tide_(v2)) gives,
    and heights are above the station's [datum][chart-datum].

    Note:
        Heights are in metres. For feet see [Units](../../../reference/format/#units).

    Args:
        station: Where; a [station][tidewater.stations.Station] with at least one constituent.
        days: How many days, in [1, 366).

    Returns:
        Pairs of hour and height, such as `[(0.0, 1.2), (0.5, 1.3)][0]`.

    Raises:
        ValueError: If `days` is out of range, see the [list of errors](../../errors/#T001).

    Examples:
        >>> list(predict(Station("Port Example")))[0][1]  # [not][a link]
        1.2

    | Column | Meaning |
    |--------|---------|
    | hour   | since midnight in [UTC](../../../concepts/time/) |
    | height | in metres |
    """
    if not 1 <= days < 366:
        raise ValueError(f"days={days!r} is not in [1, 366)")
    # Not a link: [x](y.md), not a note: [^z], not a citation: [@nobody1900].
    yield from ((hour / 2, station.constituents["M2"][0]) for hour in range(48 * days))


def range_of(heights: list[float]) -> float:
    """Give the range, highest minus lowest, of `heights[0:n]`.[^range]

    [^range]: Sailors say *range*, engineers *twice the amplitude*; see [the glossary](../../../community/glossary/).

    Warning:
        An empty list raises; see [T002](../../errors/#T002 "Error T002").
    """
    return max(heights) - min(heights)
