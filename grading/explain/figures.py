"""Why an indicator has its value: the arithmetic, the records, and all that limits how it may be read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from grading.derive.indicators import Derived
from grading.explain import samples
from grading.explain.because import Because
from grading.explain.english import capital, figure
from grading.explain.leaves import Leaves
from grading.judge.judgments import Grading
from grading.problems import Place


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
        care = tuple(self._care(name))
        return Because(f"{self.said(name)}.", (*inside, *known, *care), place=place)

    def brief(self, name: str) -> Because:
        """The value of an indicator and how it may be read, in two sentences."""
        care = tuple(self._care(name))
        text = f"{self.said(name)}."
        if care:
            text += f" {care[0].text}"
        derived = self._derived(name)
        records = tuple(self.leaves[record] for record in derived.records)
        inside = tuple(samples.inside(derived, self.grading.pack.rules.values()))
        caveats = care[0].rests_on if care else ()
        return Because(text, (*inside, *records, *caveats), place=self._place(name))

    def said(self, name: str) -> str:
        """The value of an indicator in words and how it was reached, or why it has none."""
        derived = self._derived(name)
        if derived.value is None:
            return f"{derived.title}: not available, {derived.reason}"
        return f"{derived.title}: {figure(derived.value, derived.unit)}{samples.beside(derived)}"

    def _care(self, name: str) -> Iterator[Because]:
        """How an indicator may be read: the caveats and notes that travel with its figures."""
        derived, place = self._derived(name), self._place(name)
        places, caveats = self.grading.pack.places, self.grading.pack.caveats
        steps = [
            Because(f"{caveats[c].says}.", place=places.get(f"caveat.{c}", place))
            for c in derived.caveats
        ]
        steps += [Because(f"{capital(note)}.", place=place) for note in derived.notes]
        if steps:
            said = " ".join(step.text for step in steps)
            yield Because(f"To be read with care: {said}", tuple(steps), place=place)

    def _derived(self, name: str) -> Derived:
        return self.grading.derivation.indicators[name]

    def _place(self, name: str) -> Place | None:
        return self.grading.pack.places.get(f"indicator.{name}")
