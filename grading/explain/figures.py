"""Why an indicator has its value: the arithmetic, the records, and all that limits how it may be read."""

from __future__ import annotations

import re
from dataclasses import dataclass

from grading.derive.indicators import Derived
from grading.explain import samples
from grading.explain.because import Because
from grading.explain.english import capital, figure, quoted
from grading.explain.leaves import Leaves
from grading.judge.judgments import Grading
from grading.problems import Place

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True)
class Figures:
    """Explains the indicators of one run."""

    grading: Grading
    leaves: Leaves

    def why(self, name: str) -> Because:
        """The value of an indicator and the records it comes from, or why it has none."""
        derived = self._derived(name)
        place = self._place(name)
        steps = tuple(samples.steps(derived, self.leaves, place))
        known = steps or tuple(self.leaves[record] for record in derived.records)
        inside: tuple[Because, ...] = ()
        if derived.value is not None:
            inside = tuple(samples.inside(derived, self.grading.pack.rules.values()))
        care = self._care(name)
        read = (Because("To be read with care:", care, place=place),) if care else ()
        return Because(f"{self.said(name)}.", (*inside, *known, *read), place=place)

    def brief(self, name: str) -> Because:
        """The value of an indicator and how it may be read, in two sentences."""
        care = " ".join(step.text for step in self._care(name))
        text = f"{self.said(name)}." + (f" To be read with care: {care}" if care else "")
        derived = self._derived(name)
        records = tuple(self.leaves[record] for record in derived.records)
        inside = tuple(samples.inside(derived, self.grading.pack.rules.values()))
        return Because(text, (*inside, *records), place=self._place(name))

    def said(self, name: str) -> str:
        """The value of an indicator in words and how it was reached, or why it has none."""
        derived = self._derived(name)
        if derived.value is None:
            return f"{derived.title}: not available, {self._reason(derived.reason)}"
        return f"{derived.title}: {figure(derived.value, derived.unit)}{samples.beside(derived)}"

    def _reason(self, reason: str) -> str:
        """Why there is no value, with the titles of series and bodies in place of the names in files."""
        series, inspection = self.grading.pack.series, self.grading.evidence.inspection

        def title(found: re.Match[str]) -> str:
            if found[0] in series:
                return quoted(series[found[0]].title)
            return inspection.body_name if found[0] == inspection.body else found[0]

        return _SLUG.sub(title, reason)

    def _care(self, name: str) -> tuple[Because, ...]:
        """How an indicator may be read: the caveats and notes that travel with its figures."""
        derived, place = self._derived(name), self._place(name)
        places, caveats = self.grading.pack.places, self.grading.pack.caveats
        steps = [
            Because(f"{caveats[c].says}.", place=places.get(f"caveat.{c}", place))
            for c in derived.caveats
        ]
        return (*steps, *(Because(f"{capital(note)}.", place=place) for note in derived.notes))

    def _derived(self, name: str) -> Derived:
        return self.grading.derivation.indicators[name]

    def _place(self, name: str) -> Place | None:
        return self.grading.pack.places.get(f"indicator.{name}")
