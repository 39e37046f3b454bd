"""What a judgment or criterion rests on: the rules that lead to it, and what those ask about."""

from __future__ import annotations

from dataclasses import dataclass

from grading.rules.again import Key, sees
from grading.rules.facts import Facts
from grading.rules.loaded import OVERALL, Pack
from grading.rules.rule import Rule, leaves


@dataclass(frozen=True)
class Reach:
    """The rules that lead to a judgment or criterion, and what of an inspection those can see.

    Nothing else can change it. `sees` has topics, indicators, earlier findings and grades that may be
    given instead of derived, each as `again.differences` names it.
    """

    rules: frozenset[str]
    sees: frozenset[Key]


def reaches(pack: Pack, facts: Facts) -> dict[str, Reach]:
    """What each graded question, the overall judgment and each criterion rest on, in this order.

    A grade that `facts` have already, because it was carried forward, rests on that alone.
    """
    overall = [OVERALL] if pack.manifest.overall is not None else []
    ends: list[Key] = [("judgments", owner) for owner in (*pack.graded, *overall)]
    ends += [("outcomes", criterion) for criterion in pack.criteria]
    led = _Led(pack, facts)
    return {key[-1]: led.to(key) for key in ends}


class _Led:
    """Follows what rules ask about back to the rules that conclude it."""

    def __init__(self, pack: Pack, facts: Facts) -> None:
        self.pack, self.settled = pack, facts.judgments.keys()
        self.by_owner: dict[str, list[Rule]] = {}
        for rule in pack.rules.values():
            self.by_owner.setdefault(rule.owner, []).append(rule)
        self.asks = {
            rule.id: frozenset(key for leaf in leaves(rule.body) for key in sees(leaf))
            for rule in pack.rules.values()
        }

    def to(self, end: Key) -> Reach:
        """The rules that lead to a conclusion, and what they see at the start."""
        rules: set[str] = set()
        base: set[Key] = set()
        seen: set[Key] = set()
        ahead = [end]
        while ahead:
            key = ahead.pop()
            if key in seen:
                continue
            seen.add(key)
            concluding = self._concluding(key)
            if concluding is None or key[0] == "judgments":
                base.add(key)
            for rule in concluding or ():
                rules.add(rule)
                ahead.extend(self.asks[rule])
        return Reach(frozenset(rules), frozenset(base))

    def _concluding(self, key: Key) -> list[str] | None:
        """The rules that conclude it; None of what is given at the start."""
        match key:
            case ("outcomes", criterion):
                return self._of(criterion, "criteria")
            case ("findings", kind, criterion):
                named = self.pack.manifest.findings
                return [f"{criterion}.{name}" for name, f in named.items() if f.kind == kind]
            case ("judgments", owner) if owner not in self.settled:
                return self._of(owner, "sub-questions", "questions", "overall")
            case _:
                return None

    def _of(self, owner: str, *stages: str) -> list[str]:
        return [rule.id for rule in self.by_owner.get(owner, ()) if rule.stage in stages]
