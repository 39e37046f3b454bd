"""How firmly one grade stands: what was counted of it, and the word for that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from grading.explain.perturbation import Change, Family
from grading.rules.thresholds import Step

Label = Literal["firm", "sensitive", "finely balanced"]
Possible = tuple[str, ...]  # grades from the best, or outcomes in the order of their names

SEVERAL, MANY, ONE_IN = 3, 5, 10
"""Where *sensitive* ends, by convention of this program: see `Balance.label`."""
CONVENTIONS = (
    "One thing is changed at a time: each record, source, site, method and kind of evidence is left"
    " out, so that what it showed is unknown; each number and level that the rules ask for is moved"
    " one step down and one step up; each share from a sample is put at both ends of its 95 per cent"
    " interval, and where else within it the rules tell the difference; and each other body is left"
    " out of ranks and comparators.",
    "A change is tried on a grade where it changes something that the rules leading to that grade ask"
    " about. A source, site, method or kind that gave the same records as one tried before it is not"
    " tried again. It held where exactly the same is possible as before.",
    "All samples are also drawn again by chance, each by itself and as large as it was, from what it"
    " found. These redraws are counted apart.",
    "Set aside, and not counted: leaving out a site, a method or a kind of evidence that gave more"
    " than half of the records that the grade rests on, or a kind without which more is open than its"
    " own records told.",
    "A grade is firm if it held in every change and every redraw. It is finely balanced if a value"
    f" within the interval of a sample changes it; if each of {SEVERAL} or more numbers or levels of"
    f" the rules, moved alone, changes it; if each of {MANY} or more records changes it, and they are"
    f" more than one in {ONE_IN} of those tried, and likewise for sources, sites, methods, kinds and"
    f" bodies; or if more than one in {ONE_IN} redraws change it. Otherwise it is sensitive. These"
    " boundaries are a convention of this program and of no inspectorate.",
)
"""What is tried, what is counted, and what the words mean, a sentence or a few each."""


@dataclass(frozen=True)
class Held:
    """In how many of the changes that were tried a grade stood as it was."""

    held: int
    tried: int

    @property
    def altered(self) -> int:
        """In how many it did not."""
        return self.tried - self.held


@dataclass(frozen=True)
class Altered:
    """A change under which a judgment or criterion did not stand, and what it could be then."""

    family: Family
    change: Change
    possible: Possible


@dataclass(frozen=True)
class Balance:
    """How firmly one judgment or criterion stands.

    A change is tried on it where it changes something that a rule which leads to it asks about.
    `stands` is what it can be with nothing changed. `altered` has the changes in which it was
    anything else, one possibility more or fewer among them. `set_aside` has those of sites, methods
    and kinds that are no small change and count as neither held nor tried.
    """

    stands: Possible
    families: Mapping[Family, Held]
    altered: tuple[Altered, ...]
    set_aside: tuple[Altered, ...]

    @property
    def singly(self) -> Held:
        """In how many changes of one thing it stood, all families together; redraws are apart."""
        singly = [held for family, held in self.families.items() if family != "redraws"]
        return Held(sum(one.held for one in singly), sum(one.tried for one in singly))

    @property
    def redraws(self) -> Held:
        """In how many redraws of its samples it stood; none where it rests on no sample."""
        return self.families.get("redraws", Held(0, 0))

    @property
    def label(self) -> Label | None:
        """*Firm*, *sensitive* or *finely balanced*; None where more than one thing is possible.

        Firm is what held in every change, redraws among them. Finely balanced is what a value within
        the interval of a sample alters; what steps of SEVERAL thresholds or more alter, each by
        itself; what MANY members of another family or more alter, each by itself, where those are
        more than one in ONE_IN of the family; and what more than one in ONE_IN redraws alter. What
        is neither is sensitive. The boundary between these two is a convention of this program.
        """
        if len(self.stands) != 1:
            return None
        if not self.altered:
            return "firm"
        moved = {a.change.threshold for a in self.altered if isinstance(a.change, Step)}
        balanced = len(moved) >= SEVERAL or any(map(self._balanced, self.families))
        return "finely balanced" if balanced else "sensitive"

    def _balanced(self, family: Family) -> bool:
        """Whether the changes of one family, thresholds aside, alter it often enough."""
        held = self.families[family]
        often = held.altered * ONE_IN > held.tried
        match family:
            case "samples":
                return held.altered > 0
            case "thresholds":
                return False
            case "redraws":
                return often
            case _:
                return often and held.altered >= MANY
