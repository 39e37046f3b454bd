"""The words for a change that was tried: `without [r-1]`, or `if good asked for …, not …`."""

from __future__ import annotations

from grading.derive.sources import Source
from grading.explain.english import counted, figure, listed, name_of
from grading.explain.perturbation import Change, MissingBody, Redraw, Withdrawal, Within
from grading.explain.resting import in_words
from grading.explain.steps import step_words
from grading.rules.loaded import Pack
from grading.rules.thresholds import Step

_METHODS = {
    "interview": "interviews",
    "focus-group": "focus groups",
    "observation": "what was observed",
    "reality-test": "reality tests",
    "document": "what documents showed",
    "data": "what data showed",
    "published-finding": "published findings",
}
_KINDS = {
    "fieldwork": "fieldwork",
    "file-review": "the review of files",
    "survey": "surveys",
    "metric": "figures",
    "previous": "earlier findings and judgments",
}
_AT = {"low": "the low end of", "high": "the high end of", "between": "within"}


def change_words(change: Change, pack: Pack) -> str:
    """What was changed, as the end of a sentence."""
    match change:
        case Withdrawal(sources=sources):
            return f"without {source_words(sources[0])}"
        case Step():
            return step_words(change, pack)
        case Within(indicator=name, at=at, value=value):
            indicator = pack.indicators[name]
            where = f"{_AT[at]} its 95 per cent interval"
            return f"with “{indicator.title}” at {figure(value, indicator.unit)}, {where}"
        case MissingBody(body=body):
            return f"without the figures of {name_of(body)}"
        case Redraw(values=values, times=times):
            said = listed(_drawn(name, value, pack) for name, value in values)
            return f"in {counted(times, 'redraw', 'redraws')} of its samples, as with {said}"


def source_words(source: Source) -> str:
    """A record by its id in brackets, subjects in quotation marks; anything else by what it is."""
    match source.by:
        case "site":
            return f"the site “{source.name}”"
        case "method":
            return _METHODS.get(source.name, source.name)
        case "kind":
            return _KINDS.get(source.name, source.name)
        case _:
            return in_words(source)


def _drawn(name: str, value: object, pack: Pack) -> str:
    indicator = pack.indicators[name]
    found = "no value" if value is None else figure(str(value), indicator.unit)
    return f"“{indicator.title}” at {found}"
