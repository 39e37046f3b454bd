"""Row-level file review to shares: counts, intervals, case types, and how far reviewers agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction

from grading.derive.draws import Drawn, Pairs, Share
from grading.derive.intervals import Interval, Kappa, kappa, rounded, wilson
from grading.derive.standing import Roles
from grading.evidence.evidence import Evidence, Placed
from grading.evidence.reviewed import ReviewedFile
from grading.rules.facts import MATCHED_ROLES, Standing
from grading.rules.pack import Indicator, Kind

PLACES = 1
"""Decimals of the bounds of a percentage, rounded outwards."""


@dataclass(frozen=True)
class Tally:
    """How often each answer was given; `na` and `unclear` stand apart and enter no share.

    The interval is Wilson's, in per cent; there is none where no file was answered yes or no, where
    they are too few, or where the files are known not to be drawn at random.
    """

    yes: int
    no: int
    na: int
    unclear: int
    interval: Interval | None = None

    @property
    def n(self) -> int:
        """The files that a share is of: those answered yes or no."""
        return self.yes + self.no

    def percent(self, places: int) -> Decimal:
        """The share of yes among yes and no, half even to so many decimals."""
        with localcontext(prec=50):
            return rounded(Decimal(100 * self.yes) / Decimal(self.n), places)


@dataclass(frozen=True)
class Sample:
    """The rows behind an indicator: all together, by case type, and answered by two reviewers.

    Behind an agreement they are those that two reviewers answered, and are not told by case type.
    """

    whole: Tally
    case_types: tuple[tuple[str, Tally], ...]
    agreement: Kappa
    per_case_type: int | None  # the fewest files of which a share is told by case type
    records: tuple[tuple[str, str, str], ...]  # case type, answer and id of each row


@dataclass(frozen=True)
class Reviewed:
    """What the rows give for an indicator: a value, or the reason why there is none."""

    value: Decimal | None
    reason: str = ""
    records: tuple[str, ...] = ()
    standings: frozenset[Standing] = frozenset()
    shown: str = ""
    interval: Interval | None = None
    cautions: tuple[str, ...] = ()
    sample: Sample | None = None
    drawn: Drawn | None = None


def review(
    indicator: Indicator, evidence: Evidence, roles: Roles, dropped: frozenset[Kind]
) -> Reviewed:
    """The share of files that meet a criterion, or the agreement of two reviewers about it."""
    wanted = [r for r in evidence.reviewed if _asked(r.record, indicator)]
    if "file-review" in dropped and wanted:
        return Reviewed(None, "file reviews were left out of this run")
    agrees = indicator.method == "agreement"
    rows = [r for r in wanted if _timely(r, evidence)]
    if not rows:
        why = "no file was reviewed by the as-of date" if wanted else "no file was reviewed for it"
        return Reviewed(None, why)
    if agrees:
        rows = [r for r in rows if r.record.second_answer]
    standing, cautions = roles.of("file-review"), tuple(_cautions(rows))
    made = _sample(rows, indicator)
    counted = made.agreement.both if agrees else made.whole.n
    ids = tuple(r.record.id for r in rows)
    too_few = _too_few(counted, indicator.minimum or 0, agrees)
    if too_few:
        # of too few files that two reviewers answered not even a kappa is told
        return Reviewed(None, too_few, ids, sample=None if agrees else made, cautions=cautions)
    standings = frozenset({standing} if standing.role in MATCHED_ROLES else ())
    if not agrees:
        tally = made.whole
        value, interval = tally.percent(indicator.places), tally.interval
        shown = f"{tally.yes} of {tally.n} files"
        drawn = Share(Fraction(tally.yes, tally.n), tally.n) if interval else None
        return Reviewed(value, "", ids, standings, shown, interval, cautions, made, drawn)
    found = made.agreement
    if found.value is None:
        reason = "both reviewers gave the same one answer to every file, so chance explains it all"
        return Reviewed(None, reason, ids, sample=made, cautions=cautions)
    value = rounded(found.value, indicator.places)
    interval = None if found.interval is None else found.interval.scaled(1, 2)
    shown = f"alike on {found.same} of {found.both} files"
    drawn_pairs = Pairs(tuple(sorted(_pairs(rows).items()))) if interval else None
    return Reviewed(value, "", ids, standings, shown, interval, cautions, made, drawn_pairs)


def _too_few(counted: int, minimum: int, agrees: bool) -> str:
    if counted >= max(1, minimum):
        return ""
    what = "answered by two reviewers" if agrees else "answered yes or no"
    files = "1 file was" if counted == 1 else f"{counted or 'no'} files were"
    return f"{files} {what}, and at least {minimum} are asked for"


def _asked(row: ReviewedFile, indicator: Indicator) -> bool:
    wanted = indicator.case_types
    return row.criterion in indicator.topics and (not wanted or row.case_type in wanted)


def _timely(placed: Placed[ReviewedFile], evidence: Evidence) -> bool:
    """Whether a file was reviewed by the as-of date; without a date, at the end of fieldwork."""
    day = placed.record.reviewed
    if day is None and evidence.inspection.fieldwork is not None:
        day = evidence.inspection.fieldwork.to
    return day is None or day <= evidence.inspection.as_of


def _cautions(rows: list[Placed[ReviewedFile]]) -> Iterable[str]:
    """How the way in which the files were drawn limits what the share says."""
    drawn = Counter(r.record.sampling for r in rows)
    if drawn["not-random"]:
        yield (
            f"{drawn['not-random']} of {len(rows)} files were not drawn at random,"
            " so the share is of these files alone and no interval is claimed"
        )
    if drawn["not-stated"]:
        yield (
            f"random sampling is not stated for {drawn['not-stated']} of {len(rows)} files,"
            " so the interval may mislead"
        )


def _sample(rows: list[Placed[ReviewedFile]], indicator: Indicator) -> Sample:
    claimed = all(r.record.sampling != "not-random" for r in rows)
    types = sorted({r.record.case_type for r in rows} if indicator.method == "proportion" else ())
    least = indicator.minimum_per_case_type
    return Sample(
        whole=_tally(rows, claimed, indicator.minimum),
        case_types=tuple(
            (kind, _tally([r for r in rows if r.record.case_type == kind], claimed, least))
            for kind in types
        ),
        agreement=kappa(_pairs(rows)),
        per_case_type=least,
        records=tuple((r.record.case_type, r.record.answer, r.record.id) for r in rows),
    )


def _pairs(rows: list[Placed[ReviewedFile]]) -> Counter[tuple[str, str]]:
    """How often two reviewers gave each pair of answers."""
    return Counter(
        (str(r.record.answer), str(r.record.second_answer)) for r in rows if r.record.second_answer
    )


def _tally(rows: list[Placed[ReviewedFile]], claimed: bool, least: int | None) -> Tally:
    """The answers counted, with an interval where one is claimed and there are enough files."""
    given = Counter(r.record.answer for r in rows)
    yes, no = given["yes"], given["no"]
    n = yes + no
    enough = least is not None and n >= max(1, least)
    interval = wilson(Fraction(yes, n), n).scaled(100, PLACES) if claimed and enough else None
    return Tally(yes, no, given["na"], given["unclear"], interval)
