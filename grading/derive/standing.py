"""What each kind of evidence may do, by the pack's evidence policy."""

from __future__ import annotations

from dataclasses import dataclass

from grading.rules.facts import Standing
from grading.rules.loaded import Pack
from grading.rules.pack import Kind


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
