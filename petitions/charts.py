"""Charts of the public statistics: drawn by the worker as SVG, kept by what they show, in both languages and two widths.

Letters become outlines, so that a chart looks the same everywhere; its words stand beside it as alternative text and table.
"""

import datetime
import hashlib
import io
import json
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from petitions.models import Chart
from petitions.querysets import today
from petitions.statistics import months

# Part of every key: with another way of drawing the charts are drawn anew.
WAY = 2
# Inches, of 100 points of the drawing each.
SIZES = {"wide": (7.4, 3.2), "narrow": (3.4, 2.4)}
LANGUAGES = ("zh-hans", "en")
BARS, LATEST, GRID, WORDS = "#3f7bb8", "#17477e", "#d5dae1", "#4b5563"

Bars = list[tuple[str, int]]


def bars_shown() -> Bars:
    """What the chart shows: petitions received in each of the last twelve months."""
    return [(f"{month:%Y-%m}", figures.counts["received"]) for month, figures in months(today())]


def key_of(bars: Bars, language: str, size: str) -> str:
    """By what a drawing is kept."""
    return hashlib.sha256(json.dumps([WAY, bars, language, size]).encode()).hexdigest()


def charts_drawn(bars: Bars, language: str) -> dict[str, str]:
    """The keys of the drawings of ``bars`` by size; nothing as long as one of them has not been drawn."""
    keys = {size: key_of(bars, language, size) for size in SIZES}
    drawn = Chart.objects.filter(key__in=keys.values()).count()
    return keys if drawn == len(keys) else {}


def draw_missing() -> int:
    """Draw what the statistics show now and has not been drawn; how many drawings. Drawings of a month ago go."""
    bars, drawn = bars_shown(), 0
    Chart.objects.filter(drawn_at__lt=timezone.now() - datetime.timedelta(days=31)).delete()
    for language in LANGUAGES:
        for size in SIZES:
            key = key_of(bars, language, size)
            if not Chart.objects.filter(key=key).exists():
                with translation.override(language):
                    svg = _draw(bars, size, _("Petitions"))
                Chart.objects.get_or_create(key=key, defaults={"svg": svg, "drawn_at": timezone.now()})
                drawn += 1
    return drawn


def _draw(bars: Bars, size: str, label: str) -> str:
    # Here: no page and no other task has to load it. Without pyplot, which keeps what it draws.
    from matplotlib import rc_context
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties
    from matplotlib.ticker import MaxNLocator
    from pylopdf_fonts_zh_cn import sans_path

    letters: Any = FontProperties(fname=str(sans_path()), size=9 if size == "wide" else 6)
    with rc_context(
        {"svg.fonttype": "path", "svg.hashsalt": "zhengqiao", "axes.spines.top": False, "axes.spines.right": False}
    ):
        figure = Figure(figsize=SIZES[size], layout="constrained")
        axes = figure.add_subplot()
        # The month, and below it the year where one begins.
        names = [
            f"{int(name[5:])}\n{name[:4]}" if place == 0 or name.endswith("-01") else f"{int(name[5:])}"
            for place, (name, _n) in enumerate(bars)
        ]
        values = [value for _name, value in bars]
        colours = [BARS] * (len(bars) - 1) + [LATEST]
        axes.bar(range(len(bars)), values, color=colours, width=0.62)
        axes.set_xticks(range(len(bars)), names)
        axes.set_ylabel(label, fontproperties=letters, color=WORDS)
        axes.yaxis.set_major_locator(MaxNLocator(nbins=5, integer=True))
        axes.set_axisbelow(True)
        axes.grid(axis="y", color=GRID, linewidth=0.8)
        axes.tick_params(colors=WORDS, length=0)
        axes.set_ylim(bottom=0, top=max([*values, 1]) * 1.12)
        for text in [*axes.get_xticklabels(), *axes.get_yticklabels()]:
            text.set_fontproperties(letters)
            text.set_color(WORDS)
        axes.annotate(
            f"{values[-1]:,}", (len(bars) - 1, values[-1]), ha="center", va="bottom", fontproperties=letters, color=LATEST
        )
        for spine in axes.spines.values():
            spine.set_color(GRID)
        out = io.StringIO()
        figure.savefig(out, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    return out.getvalue()
