"""A run as W3C PROV in PROV-JSON (member submission of 24 April 2013): what came from what.

Entities are the files and records of evidence, the rule pack, indicators, outcomes of criteria,
findings, changes of grades, challenges, judgments, and the record of the run. Three activities made
what is concluded: `derive` the indicators, `fire` the outcomes and findings, `judge` the judgments and
the record. Agents are the program and its rules engine, and people by their roles alone. What was
concluded was derived from what its conditions ask about. Every name is below a URN of the run, so
that two exports of one run say the same things, and no time is told, because a record holds none.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

from grading.record.document_parts import ConditionPart
from grading.record.exports.exported import Exported, every, file_of, of_tests

_TERMS = "urn:inspection-grading:terms:"
_SAFE = "-._"


def prov(exported: Exported) -> bytes:
    """The PROV-JSON document."""
    made = json.dumps(_Writer(exported).document(), ensure_ascii=False, indent=1, sort_keys=True)
    return f"{made}\n".encode()


class _Writer:
    """Gathers the statements of each kind under their names."""

    def __init__(self, exported: Exported) -> None:
        self.exported = exported
        self.run = exported.document
        self.made: dict[str, dict[str, Any]] = {
            "prefix": {"run": f"urn:inspection-grading:run:{exported.run}:", "grading": _TERMS}
        }

    def document(self) -> dict[str, dict[str, Any]]:
        """The whole document."""
        self._agents()
        self._activities()
        self._evidence()
        for name, i in self.run.indicators.items():
            told = {"unit": i.unit, "value": i.value, "reason": i.reason}
            self._concluded("indicator", name, "derive", i.title, told)
            self._derived(_name("indicator", name), (_name("evidence", r) for r in i.records))
        for name, c in self.run.criteria.items():
            told = {"outcome": c.outcome, "possible": " ".join(c.possible)}
            self._concluded("criterion", name, "fire", c.says, told)
            self._derived(_name("criterion", name), self._asked(of_tests(c)))
        self._findings()
        self._moderation()
        self._challenges()
        self._judgments()
        self._record()
        return self.made

    def _agents(self) -> None:
        software = self.exported.software
        self._agent("program", "prov:SoftwareAgent", "inspection-grading")
        self.made["agent"]["run:program"]["grading:version"] = software.inspection_grading
        self._agent("engine", "prov:SoftwareAgent", "durable-rules")
        self.made["agent"]["run:engine"]["grading:version"] = software.durable_rules
        self._agent("role.evidence", "prov:Person", "whoever recorded the evidence")
        self._agent("role.policy", "prov:Person", "whoever wrote the rule pack")
        delegated = {"prov:delegate": "run:engine", "prov:responsible": "run:program"}
        self._relation("actedOnBehalfOf", delegated)

    def _agent(self, name: str, kind: str, label: str) -> None:
        self.made.setdefault("agent", {})[f"run:{name}"] = {
            "prov:type": _word(kind),
            "prov:label": label,
        }

    def _activities(self) -> None:
        steps = {
            "derive": "indicators from evidence",
            "fire": "outcomes and findings by the rules",
            "judge": "judgments by ladders and limiters",
        }
        for name, label in steps.items():
            self.made.setdefault("activity", {})[f"run:{name}"] = {"prov:label": label}
            by = "engine" if name == "fire" else "program"
            associated = {"prov:activity": f"run:{name}", "prov:agent": f"run:{by}"}
            self._relation("wasAssociatedWith", associated | {"prov:plan": "run:pack"})
        for before, after in (("derive", "fire"), ("fire", "judge")):
            told = {"prov:informed": f"run:{after}", "prov:informant": f"run:{before}"}
            self._relation("wasInformedBy", told)

    def _evidence(self) -> None:
        pack = self.run.pack
        told = {"version": pack.version, "sha256": pack.digest, "id": pack.id}
        self._entity("run:pack", "prov:Plan", pack.title, told)
        self._relation(
            "wasAttributedTo", {"prov:entity": "run:pack", "prov:agent": "run:role.policy"}
        )
        for file, digest in self.exported.files.items():
            self._entity(_name("file", file), "grading:File", file, {"sha256": digest})
        for record, e in self.run.evidence.items():
            name = _name("evidence", record)
            self._entity(name, "grading:EvidenceRecord", e.says, {"kind": e.kind, "place": e.place})
            self._relation(
                "wasAttributedTo", {"prov:entity": name, "prov:agent": "run:role.evidence"}
            )
            if file_of(e.place) in self.exported.files:
                self._derived(name, [_name("file", file_of(e.place))])
            self._used("derive" if e.kind in ("metric", "survey") else "fire", name)

    def _findings(self) -> None:
        for f in self.run.findings:
            told = {"kind": f.kind, "status": f.status, "firstRaised": str(f.first_raised)}
            self._concluded("finding", f.id, "fire", f.says, told)
            from_ = [_name("criterion", f.criterion)] if f.criterion in self.run.criteria else []
            earlier = (_name("evidence", r) for r in f.previous)
            self._derived(_name("finding", f.id), [*from_, *earlier])

    def _moderation(self) -> None:
        """The changes of grades, each of whoever made it and from the records that it names."""
        for m in self.run.moderation:
            told = {"question": m.question, "from": m.from_grade, "to": m.to_grade}
            told |= {"date": m.date, "until": m.until, "status": m.status, "place": m.place}
            self._decided("moderation", m.id, m.role, m.because, told)
            self._derived(_name("moderation", m.id), (_name("evidence", r) for r in m.evidence))

    def _challenges(self) -> None:
        """What is disputed, by whoever disputes it, and of which records."""
        for c in self.run.challenges:
            told: dict[str, str | None] = {"date": c.date, "status": c.status, "place": c.place}
            told["answer"] = c.answer.outcome if c.answer else None
            self._decided("challenge", c.id, c.role, c.says, told)
            known = (r for r in c.of if r in self.run.evidence)
            self._derived(_name("challenge", c.id), (_name("evidence", r) for r in known))

    def _decided(
        self, kind: str, name: str, role: str, says: str, told: Mapping[str, str | None]
    ) -> None:
        self._entity(_name(kind, name), f"grading:{kind.capitalize()}", says, told)
        agent = f"role.{kind}.{quote(name, safe=_SAFE)}"
        self._agent(agent, "prov:Person", role)
        entity = {"prov:entity": _name(kind, name), "prov:agent": f"run:{agent}"}
        self._relation("wasAttributedTo", entity)

    def _judgments(self) -> None:
        stand: dict[str, list[str]] = {}
        for m in self.run.moderation:
            if m.status == "stands":
                stand.setdefault(m.question, []).append(_name("moderation", m.id))
        for name, j in self.run.judgments.items():
            told: dict[str, str | None] = {"final": j.final, "derived": j.derived}
            told |= {"provisional": j.provisional, "moderated": j.moderated}
            if j.interval:
                told["possible"] = " ".join(j.interval.possible)
            self._concluded("judgment", name, "judge", j.title, told)
            asked = self._asked(c for rung in j.ladder for c in every(rung.conditions))
            findings = (_name("finding", f) for f in j.findings)
            moderated = stand.get(name, ())
            for change in moderated:
                self._used("judge", change)
            self._derived(_name("judgment", name), [*asked, *findings, *moderated])

    def _record(self) -> None:
        inspection = self.run.inspection
        label = " – ".join(filter(None, [inspection.body_name, self.exported.notice]))
        told = {"sha256": self.exported.run, "asOf": self.run.as_of, "inspection": inspection.id}
        self._entity("run:record", "grading:RunRecord", label, told)
        self._generated("run:record", "judge")
        self._derived("run:record", (_name("judgment", j) for j in self.run.judgments))

    def _concluded(
        self, kind: str, name: str, activity: str, label: str, told: Mapping[str, str | None]
    ) -> None:
        """An entity that the run made; the activities after it use it."""
        self._entity(_name(kind, name), f"grading:{kind.capitalize()}", label, told)
        self._generated(_name(kind, name), activity)
        after = {"derive": "fire", "fire": "judge"}.get(activity)
        if after:
            self._used(after, _name(kind, name))

    def _entity(self, name: str, kind: str, label: str, told: Mapping[str, str | None]) -> None:
        entity: dict[str, Any] = {"prov:type": _word(kind)}
        if label:
            entity["prov:label"] = label
        entity |= {f"grading:{key}": value for key, value in told.items() if value}
        self.made.setdefault("entity", {})[name] = entity

    def _asked(self, conditions: Iterable[ConditionPart]) -> list[str]:
        """What conditions ask about, once each, in the order in which they ask."""
        found: dict[str, None] = {}
        for condition in conditions:
            found |= dict.fromkeys(_name("evidence", r) for r in condition.records)
            found |= dict.fromkeys(n for m in condition.members for n in self._member(m))
        return list(found)

    def _member(self, member: str) -> Iterator[str]:
        """The entities that a member of what is counted is."""
        known: Mapping[str, Collection[str]] = {
            "criterion": self.run.criteria,
            "judgment": self.run.judgments,
            "indicator": self.run.indicators,
            "evidence": self.run.evidence,
        }
        return (_name(kind, member) for kind, names in known.items() if member in names)

    def _used(self, activity: str, entity: str) -> None:
        self._relation("used", {"prov:activity": f"run:{activity}", "prov:entity": entity})

    def _generated(self, entity: str, activity: str) -> None:
        told = {"prov:entity": entity, "prov:activity": f"run:{activity}"}
        self._relation("wasGeneratedBy", told)

    def _derived(self, entity: str, sources: Iterable[str]) -> None:
        for source in dict.fromkeys(sources):
            told = {"prov:generatedEntity": entity, "prov:usedEntity": source}
            self._relation("wasDerivedFrom", told)

    def _relation(self, kind: str, told: dict[str, str]) -> None:
        relations = self.made.setdefault(kind, {})
        relations[f"_:{kind}{len(relations) + 1}"] = told


def _name(kind: str, name: str) -> str:
    """A qualified name; what a local name cannot hold is percent-encoded."""
    return f"run:{kind}.{quote(name, safe=_SAFE)}"


def _word(name: str) -> dict[str, str]:
    return {"$": name, "type": "xsd:QName"}
