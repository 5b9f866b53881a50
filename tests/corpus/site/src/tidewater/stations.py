"""Stations and where they come from."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Station:
    """A place with a tide gauge.

    The word is that of @irwin2020records [p. 42]. A list of stations can be [imported](../../../howto/import/).

    Attributes:
        name: As in the list of [the registry](https://registry.example/list;v=2?sort=name,asc).
        constituents: Amplitude and phase by name.
    """

    name: str
    constituents: dict[str, tuple[float, float]] = field(default_factory=lambda: {"M2": (1.2, 0.0)})

    @property
    def semidiurnal(self) -> bool:
        """Whether two tides a day prevail, as [the concept](../../../concepts/harmonics/) has it."""
        return "M2" in self.constituents

    def rename(self, name: str) -> Station:
        """Give the same station another name.

        See Also:
            [`Station`][tidewater.stations.Station] and [`predict`][tidewater.core.predict].
        """
        return Station(name, self.constituents)
