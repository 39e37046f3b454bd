"""Indicators, series, caveats and checks: what each means, and what its figures may be set against."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from grading.explain.english import UNITS, capital, figure, listed, name_of, value_words
from grading.policy.book.parts import Entry, Fact, Link, Source, cited, place_words, source
from grading.problems import Place
from grading.rules.checks import series_named
from grading.rules.comparable import EARLIER_YEARS, VARIES, Bands
from grading.rules.files import PackFiles
from grading.rules.loaded import Pack
from grading.rules.pack import Indicator, Series
from grading.rules.rule import Compared, leaves
from grading.source import Document

_DIRECTIONS = {
    "higher-is-better": "Higher is better",
    "lower-is-better": "Lower is better",
    "none": "Neither higher nor lower is better",
}
_COMPARATORS = {
    "pooled": "All bodies taken together as one",
    "mean-of-bodies": "The mean of the bodies, each counted alike",
    "not-stated": "The source does not say how it was made",
}
_TIES = {
    "include": "bodies that tie at its end are in it",
    "exclude": "bodies that tie at its end are out of it",
    "split-refused": "where bodies tie at its end no band is given",
}
_ROUNDING = {"down": "rounded down", "up": "rounded up", "nearest": "rounded to the nearest"}


def unit_words(unit: str) -> str:
    """A unit as a word of its own."""
    return UNITS.get(unit, "").strip() or value_words(unit)


def indicators(files: PackFiles, pack: Pack) -> Iterator[Entry]:
    """The indicators, each with its method in English and the rules that ask about it."""
    document = files.indicators_document
    if document is None:
        return
    for name, indicator in pack.indicators.items():
        places = "" if indicator.places == 6 else f", to {_places(indicator.places)}"
        facts = [
            Fact("How it is found", f"{_method(pack, indicator)}{places}"),
            Fact("Unit", capital(unit_words(indicator.unit))),
            _links("Series", [(pack.series[s].title, f"series.{s}") for s in indicator.series]),
            Fact("Case types", listed(map(value_words, indicator.case_types))),
            Fact("Fewest needed", _fewest(indicator)),
            _links("Caveats", [(c, f"caveat.{c}") for c in indicator.caveats]),
            _links("Asked by", _asking(pack, name)),
        ]
        yield _entry(
            document, "indicators", name, indicator.title, facts, cited(indicator.cite), "indicator"
        )


def _places(number: int) -> str:
    return "whole numbers" if number == 0 else f"{number} decimal{'' if number == 1 else 's'}"


def _fewest(indicator: Indicator) -> str:
    """The sample without which there is no value."""
    what = "answers" if indicator.method == "survey" else "files"
    said = []
    if indicator.minimum is not None:
        said.append(f"{indicator.minimum} {what}")
    if indicator.minimum_per_case_type is not None:
        said.append(f"{indicator.minimum_per_case_type} of each case type that is told apart")
    return listed(said)


def _method(pack: Pack, indicator: Indicator) -> str:
    titles = [f"“{pack.series[s].title}”" for s in indicator.series]
    against = name_of(indicator.comparator or "")
    topics = listed((f"“{_topic(pack, t)}”" for t in indicator.topics), "or")
    match indicator.method:
        case "value":
            return f"The newest figure of {titles[0]}"
        case "difference" if indicator.comparator:
            return f"{titles[0]} less the figure of {against} for the same period"
        case "difference":
            return f"{titles[0]} less {titles[1]}"
        case "ratio" if indicator.comparator:
            return f"{titles[0]} divided by the figure of {against} for the same period"
        case "ratio":
            return f"{titles[0]} divided by {titles[1]}"
        case "change":
            return f"How {titles[0]} changed since the period before"
        case "rank-band":
            return f"The band that the body falls in when bodies are ranked by {titles[0]}"
        case "sum":
            return f"The sum of {listed(titles)}"
        case "mean":
            return f"The mean of {listed(titles)}"
        case "maximum":
            return f"The greatest of {listed(titles)}"
        case "minimum":
            return f"The least of {listed(titles)}"
        case "survey" if indicator.survey is not None:
            asked = indicator.survey
            return (
                f"The share of the survey “{value_words(asked.survey)}” that answered"
                f" “{value_words(asked.answer)}” on “{value_words(asked.item)}”"
            )
        case "tally":
            way = "for" if indicator.direction == "supports" else "against"
            return f"The number of independent observations that speak {way} {topics}"
        case "proportion":
            return f"The share of yes among the files answered yes or no on {topics}"
    return f"How far two reviewers of the same files agree on {topics} (Cohen’s kappa)"


def _topic(pack: Pack, topic: str) -> str:
    criterion = pack.topics[topic]
    return pack.criteria[criterion].written.topics[topic] if criterion else value_words(topic)


def _asking(pack: Pack, indicator: str) -> list[tuple[str, str]]:
    """The criteria and judgments of which a rule asks about an indicator."""
    found: dict[tuple[str, str], None] = {}
    for rule in pack.rules.values():
        if any(isinstance(x, Compared) and x.indicator == indicator for x in leaves(rule.body)):
            kinds = ("criterion", pack.criteria), ("question", pack.questions)
            kind = next((k for k, among in kinds if rule.owner in among), "sub-question")
            target = "part.overall" if rule.stage == "overall" else f"{kind}.{rule.owner}"
            found[rule.owner, target] = None
    return list(found)


def series(files: PackFiles, pack: Pack) -> Iterator[Entry]:
    """The series, each with its definition and what its figures may be compared with."""
    document = files.series_document
    if document is None:
        return
    for name, written in pack.series.items():
        facts = [
            Fact("Unit", capital(unit_words(written.unit))),
            Fact("Direction", _DIRECTIONS[written.direction]),
            Fact("What it may do", value_words(written.role)),
            Fact("Denominator", value_words(written.denominator or "")),
            _population(pack, written.population or ""),
            Fact("Values that can occur", listed((str(v) for v in written.values), "or")),
            *_comparability(written),
            _links("Caveats", [(c, f"caveat.{c}") for c in written.caveats]),
        ]
        yield _entry(document, "series", name, written.title, facts, cited(written.cite))


def _population(pack: Pack, name: str) -> Fact:
    if name in pack.populations:
        return _links("Population", [(pack.populations[name].title, f"population.{name}")])
    return Fact("Population", value_words(name))


def _comparability(written: Series) -> Iterator[Fact]:
    """What a series says of comparing its figures."""
    yield Fact("Left out of ranking, comparator and chart", listed(map(name_of, written.excludes)))
    for name, bodies in written.combined.items():
        yield Fact("Counted as one", f"{listed(map(name_of, bodies))}, as {name_of(name)}")
    if written.partial is not None:
        link = (Link(written.partial, f"caveat.{written.partial}"),)
        yield Fact("Figures of a part of the period", "compared, with a caveat:", link)
    for pilot in written.pilots:
        refused = pilot.comparison == "refused"
        says = f"{listed(map(name_of, pilot.bodies))}: " + (
            "compared with nobody’s" if refused else "compared, with a caveat"
        )
        yield Fact("Trials", says, (Link(pilot.caveat, f"caveat.{pilot.caveat}"),))
    if written.definition is not None:
        varies = written.definition == VARIES
        says = "each body has its own" if varies else value_words(written.definition)
        yield Fact("Definition", says)
    for broken in written.breaks:
        says = f"from {broken.from_.isoformat()}: {broken.says} ({broken.cite})"
        yield Fact("Figures before and after differ", says)
    others = [o for o in written.not_comparable_with if o != EARLIER_YEARS]
    if EARLIER_YEARS in written.not_comparable_with:
        yield Fact("Not compared with", "earlier years")
    yield _links("Not compared with", [(other, f"series.{other}") for other in others])
    if written.comparator_method is not None:
        yield Fact("Comparator", _COMPARATORS[written.comparator_method])
    if written.bands is not None:
        yield _links("Ranked in bands", [(written.bands, f"bands.{written.bands}")])


def caveats(files: PackFiles, pack: Pack) -> Iterator[Entry]:
    """The limits on how figures may be read, each with the series that carry it."""
    document = files.series_document
    if document is None:
        return
    for name, caveat in pack.caveats.items():
        carriers = [(n, f"series.{n}") for n, s in pack.series.items() if name in s.caveats]
        carriers += [(n, f"indicator.{n}") for n, i in pack.indicators.items() if name in i.caveats]
        facts = [_links("Travels with", carriers)]
        yield _entry(document, "caveats", name, caveat.says, facts, source(caveat), "caveat")


def populations(files: PackFiles, pack: Pack) -> Iterator[Entry]:
    """The bodies that rankings and comparators cover, and the bands of rankings."""
    document = files.series_document
    if document is None:
        return
    for name, population in pack.populations.items():
        facts = [Fact("Bodies", str(population.bodies))]
        source_ = cited(population.cite)
        yield _entry(document, "populations", name, population.title, facts, source_, "population")
    for name, bands in pack.bands.items():
        where = Source(bands.basis == "pack", bands.cite)
        yield _entry(document, "bands", name, value_words(name), [_band(bands)], where)


def share_words(bands: Bands) -> str:
    """The share of bodies at each end: `25 per cent`."""
    return figure(Decimal(f"{(bands.share * 100).normalize():f}"), "percent")


def _band(bands: Bands) -> Fact:
    share = share_words(bands)
    says = f"The {share} at each end, {_ROUNDING[bands.rounding]}; {_TIES[bands.ties]}"
    return Fact("Highest and lowest", says)


def checks(files: PackFiles, pack: Pack) -> Iterator[Entry]:
    """What the framework knows about how its figures hang together."""
    document = files.checks_document
    if document is None:
        return
    for name, check in pack.checks.items():
        named = dict.fromkeys(s for _, s in series_named(check))
        facts = [
            Fact("Where it fails", value_words(check.severity) if check.severity else ""),
            _links("About", [(s, f"series.{s}") for s in named]),
        ]
        yield _entry(document, "checks", name, capital(check.says), facts, source(check), "check")


def _links(name: str, pairs: Iterable[tuple[str, str]]) -> Fact:
    return Fact(name, "", tuple(Link(text, target) for text, target in pairs))


def _entry(
    document: Document,
    key: str,
    name: str,
    title: str,
    facts: Iterable[Fact],
    where: Source,
    kind: str = "",
) -> Entry:
    place: Place = document.key_place((key, name))
    said = tuple(fact for fact in facts if fact.says or fact.links)
    target = f"{kind or key}.{name}"
    return Entry(target, name, title, said, where, place_words(place.file, place.line))
