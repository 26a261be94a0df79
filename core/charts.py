"""Charts: the only place that knows plotly. A page fetches the figure as JSON; nothing is drawn on the server."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import plotly

COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7")
"""Okabe and Ito: told apart by who does not see all colours."""
PATTERNS = ("", "/", ".", "x")
"""So that they are told apart without colour too."""
FONT = "'Source Sans 3', sans-serif"


@dataclass(frozen=True)
class Series:
    """One row of bars."""

    name: str
    values: Sequence[Decimal]


def bars(labels: Sequence[str], series: Sequence[Series], *, unit: str = "€ ") -> str:
    """Bars beside each other for each label, as JSON for static/js/chart.js. Raises ValueError for more than four
    series: nobody can tell those apart."""
    if len(series) > len(COLOURS):
        raise ValueError(f"at most {len(COLOURS)} series, not {len(series)}")
    go: Any = plotly.graph_objects  # loaded at the first chart: it takes most of a second
    figure = go.Figure(
        data=[
            go.Bar(
                name=row.name,
                x=list(labels),
                y=[float(value) for value in row.values],
                marker={
                    "color": COLOURS[number],
                    "line": {"color": "#1a1a1a", "width": 1},
                    "pattern": {"shape": PATTERNS[number], "fgcolor": "#ffffff", "fillmode": "overlay"},
                },
                hovertemplate=f"%{{x}}: {unit}%{{y:,.2f}}<extra>%{{fullData.name}}</extra>",
            )
            for number, row in enumerate(series)
        ],
        layout={
            "template": "none",
            "barmode": "group",
            "separators": ",.",
            "font": {"family": FONT, "size": 14, "color": "#1a1a1a"},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
            "xaxis": {"type": "category", "automargin": True, "fixedrange": True},
            "yaxis": {
                "automargin": True,
                "fixedrange": True,
                "rangemode": "tozero",
                "tickprefix": unit,
                "tickformat": ",.0f",
                "gridcolor": "#d0d0d0",
                "zerolinecolor": "#1a1a1a",
            },
            "legend": {"orientation": "h", "x": 0, "y": 1.02, "xanchor": "left", "yanchor": "bottom"},
        },
    )
    return str(figure.to_json())
