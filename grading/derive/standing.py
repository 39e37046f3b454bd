"""What each kind of evidence may do, by the pack's evidence policy."""

from __future__ import annotations

from dataclasses import dataclass

from grading.rules.facts import MATCHED_ROLES, Role, Standing
from grading.rules.loaded import Pack
from grading.rules.pack import Indicator, Kind

_MOST_CAUTIOUS_FIRST: tuple[Role, ...] = ("indicative", "corroborating", "deciding")


@dataclass(frozen=True)
class Roles:
    """The roles of a pack's evidence policy. A kind that the policy does not name decides nothing."""

    pack: Pack

    def of(self, kind: Kind) -> Standing:
        """The standing of a kind of evidence."""
        return Standing(kind, self.pack.manifest.evidence_policy.roles.get(kind, "context-only"))

    def survey(self, sampling: str) -> Standing:
        """The standing of a survey, which depends on how its sample was drawn."""
        roles = self.pack.manifest.evidence_policy.roles
        return Standing("survey", roles.get(f"survey/{sampling}", "context-only"))

    def of_indicator(self, indicator: Indicator) -> frozenset[Standing]:
        """What an indicator would rest on; where samples differ in role, the most cautious of them."""
        match indicator.method:
            case "survey":
                policy = self.pack.manifest.evidence_policy.roles
                possible = {role for kind, role in policy.items() if kind.startswith("survey/")}
                found = [Standing("survey", r) for r in _MOST_CAUTIOUS_FIRST if r in possible][:1]
            case "tally":
                found = [self.of("fieldwork")]
            case "proportion" | "agreement":
                found = [self.of("file-review")]
            case _:
                series = self.pack.series
                found = [Standing("metric", series[name].role) for name in indicator.series]
        return frozenset(s for s in found if s.role in MATCHED_ROLES)
