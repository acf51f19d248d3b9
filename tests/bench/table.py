"""What a figure hands over: one Markdown table, and what the reader must know beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

Cell = str | int | float


def words(cell: Cell) -> str:
    """Three significant digits, and no more than a noisy machine can mean."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, int) or abs(cell) >= 100:
        return f"{cell:,.0f}"
    return f"{cell:.3g}" if abs(cell) < 10 else f"{cell:.1f}"


@dataclass
class Table:
    """`notes` stand below: the aim, and how one knows that the client did not set the pace."""

    title: str
    columns: Sequence[str]
    rows: list[Sequence[Cell]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def markdown(self) -> str:
        """As it goes into the README."""
        lines = [self.columns, ["---"] * len(self.columns), *([words(cell) for cell in row] for row in self.rows)]
        return "\n".join([f"### {self.title}", "", *(f"| {' | '.join(line)} |" for line in lines), "", *self.notes])


def quantile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least this share of them does not pass."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, -int(-share * len(ordered) // 1) - 1))]


def middle(values: Sequence[float]) -> float:
    """The median: one round in which the machine did something else does not move it."""
    return float(median(values))
