"""A run as NIST OSCAL assessment results (JSON, version 1.2.3), for tools of assurance and audit.

| of the run                                | in OSCAL                                                  |
| ----------------------------------------- | --------------------------------------------------------- |
| evidence record                           | observation; its file is a resource of the back matter     |
| strength                                  | finding with the state `satisfied`                        |
| area for improvement, cause of concern    | finding with the state `not-satisfied`, and an open risk  |
| recommendation                            | response of that risk, lifecycle `recommendation`         |
| criterion                                 | target of a finding (`objective-id`)                      |
| judgment with the steps of its grade      | part of the attestation                                   |
| rule pack                                 | the assessment plan, a resource of the back matter        |

OSCAL knows two states, satisfied and not; grades have more, so none is made into a state. It asks for
times where a run has dates: all of them are the start of the day as of which the run was made, in UTC.
It asks how an observation was made: figures, files and documents were examined; of fieldwork the
document of a run does not say whether it was an interview, so that the method is unknown.
UUIDs are of version 5, from the run and the name of the thing: the same run has the same ones.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

from grading.record.decided import ChallengePart, ModerationPart
from grading.record.document_parts import FindingPart, JudgmentPart
from grading.record.exports.exported import Exported, file_of, of_tests

VERSION = "1.2.3"
_TERMS = "urn:inspection-grading:terms"
_METHODS = {"fieldwork": "UNKNOWN"}
_ROLES = {
    "evidence": "Recorded the evidence",
    "policy": "Wrote the rule pack",
    "assessor": "Answers for the judgments",
}


def oscal(exported: Exported) -> bytes:
    """The assessment results."""
    made = {"assessment-results": _Writer(exported).results()}
    return f"{json.dumps(made, ensure_ascii=False, indent=1, sort_keys=True)}\n".encode()


class _Writer:
    """Fills the model of assessment results."""

    def __init__(self, exported: Exported) -> None:
        self.exported = exported
        self.run = exported.document
        self.day = f"{self.run.as_of}T00:00:00Z"

    def results(self) -> dict[str, Any]:
        """The whole document, below its name."""
        inspection, pack, made = self.run.inspection, self.run.pack, self.exported.software
        title = f"{inspection.body_name}: {pack.title}"
        title += f" ({self.exported.notice})" if self.exported.notice else ""
        return {
            "uuid": self._uuid("results"),
            "metadata": {
                "title": _line(title),
                "last-modified": self.day,
                "version": self.exported.run,
                "oscal-version": VERSION,
                "roles": [{"id": name, "title": title} for name, title in _ROLES.items()],
                "props": list(
                    _props(
                        {
                            "run": self.exported.run,
                            "inspection": inspection.id,
                            "framework": inspection.framework,
                            "notice": self.exported.notice,
                            "inspection-grading": made.inspection_grading,
                            "durable-rules": made.durable_rules,
                        }
                    )
                ),
            },
            "import-ap": {"href": f"#{self._uuid('pack')}"},
            "results": [self._result(title)],
            "back-matter": {"resources": list(self._resources())},
        }

    def _result(self, title: str) -> dict[str, Any]:
        source = self.run.inspection.source
        parts = [self._attested(name, j) for name, j in self.run.judgments.items()]
        parts += map(self._moderated, self.run.moderation)
        parts += map(self._challenged, self.run.challenges)
        result: dict[str, Any] = {
            "uuid": self._uuid("result"),
            "title": _line(title),
            "description": source or title,
            "start": self.day,
            "reviewed-controls": {"control-selections": [{"include-all": {}}]},
        }
        lists = {
            "attestations": [{"parts": parts}] if parts else [],
            "observations": list(self._observations()),
            "risks": [self._risk(f) for f in self.run.findings if f.kind != "strength"],
            "findings": [self._finding(f) for f in self.run.findings],
        }
        return result | {name: listed for name, listed in lists.items() if listed}

    def _attested(self, name: str, j: JudgmentPart) -> dict[str, Any]:
        told = {
            "judgment": name,
            "provisional-grade": j.provisional,
            "derived-grade": j.derived,
            "moderated-grade": j.moderated or "",
            "final-grade": j.final,
            "possible-grades": " ".join(j.interval.possible) if j.interval else "",
            "trend": j.trend.word,
            "carried-forward-from": j.carried_forward_from or "",
        }
        bites = (f"held at {x.at_best} at best: {x.because}" for x in j.limiters if x.bites)
        return {
            "uuid": self._uuid("judgment", name),
            "name": "judgment",
            "ns": _TERMS,
            "title": _line(j.title),
            "props": list(_props(told)),
            "prose": "\n\n".join([j.rationale.text, *bites]),
        }

    def _moderated(self, m: ModerationPart) -> dict[str, Any]:
        told = {
            "moderation": m.id,
            "judgment": m.question,
            "from-grade": m.from_grade,
            "to-grade": m.to_grade or "",
            "date": m.date,
            "until": m.until or "",
            "status": m.status,
        }
        return self._stated("moderation", m.id, told, m.says)

    def _challenged(self, c: ChallengePart) -> dict[str, Any]:
        told = {
            "challenge": c.id,
            "date": c.date,
            "status": c.status,
            "answer": c.answer.outcome if c.answer else "",
        }
        return self._stated("challenge", c.id, told, (c.says, c.answer_says, *c.turns.says))

    def _stated(
        self, kind: str, name: str, told: dict[str, str], says: Iterable[str]
    ) -> dict[str, Any]:
        return {
            "uuid": self._uuid(kind, name),
            "name": kind,
            "ns": _TERMS,
            "title": _line(name),
            "props": list(_props(told)),
            "prose": "\n\n".join(says),
        }

    def _observations(self) -> Iterator[dict[str, Any]]:
        for name, record in self.run.evidence.items():
            evidence = {"description": record.place}
            if file_of(record.place) in self.exported.files:
                evidence["href"] = f"#{self._uuid('file', file_of(record.place))}"
            yield {
                "uuid": self._uuid("evidence", name),
                "title": _line(name),
                "description": record.says or name,
                "props": list(_props({"record": name, "kind": record.kind})),
                "methods": [_METHODS.get(record.kind, "EXAMINE")],
                "relevant-evidence": [evidence],
                "collected": self.day,
            }

    def _finding(self, f: FindingPart) -> dict[str, Any]:
        satisfied = f.kind == "strength"
        finding: dict[str, Any] = {
            "uuid": self._uuid("finding", f.id),
            "title": _line(f.says or f.id),
            "description": f.says or f.id,
            "props": list(self._of(f)),
            "target": {
                "type": "objective-id",
                "target-id": f.criterion or f.question,
                "status": {"state": "satisfied" if satisfied else "not-satisfied"},
            },
        }
        if not satisfied:
            finding["related-risks"] = [{"risk-uuid": self._uuid("risk", f.id)}]
        return finding | self._rests_on(f)

    def _risk(self, f: FindingPart) -> dict[str, Any]:
        risk: dict[str, Any] = {
            "uuid": self._uuid("risk", f.id),
            "title": _line(f.says or f.id),
            "description": f.says or f.id,
            "statement": f"{f.kind}, first raised in {f.first_raised}, {f.status}",
            "props": list(self._of(f)),
            "status": "open",
        }
        if f.recommendation:
            risk["remediations"] = [
                {
                    "uuid": self._uuid("recommendation", f.id),
                    "lifecycle": "recommendation",
                    "title": _line(f.recommendation),
                    "description": f.recommendation,
                }
            ]
        return risk | self._rests_on(f)

    def _of(self, f: FindingPart) -> Iterator[dict[str, str]]:
        return _props(
            {
                "finding": f.id,
                "kind": f.kind,
                "status": f.status,
                "first-raised": str(f.first_raised),
                "question": f.question,
                "rule": f.rule,
            }
        )

    def _rests_on(self, f: FindingPart) -> dict[str, Any]:
        """The observations that the tests of its criterion asked about, and earlier findings."""
        criterion = self.run.criteria.get(f.criterion)
        asked = [r for c in of_tests(criterion) for r in c.records] if criterion else []
        known = [r for r in dict.fromkeys([*asked, *f.previous]) if r in self.run.evidence]
        observed = [{"observation-uuid": self._uuid("evidence", r)} for r in known]
        return {"related-observations": observed} if observed else {}

    def _resources(self) -> Iterator[dict[str, Any]]:
        pack = self.run.pack
        yield {
            "uuid": self._uuid("pack"),
            "title": _line(pack.title),
            "description": "the rule pack, by which evidence was assessed",
            "props": list(
                _props({"pack": pack.id, "pack-version": pack.version, "sha-256": pack.digest})
            ),
        }
        for name, digest in self.exported.files.items():
            link: dict[str, Any] = {"href": quote(name)}
            if digest is not None:
                link["hashes"] = [{"algorithm": "SHA-256", "value": digest}]
            yield {"uuid": self._uuid("file", name), "title": _line(name), "rlinks": [link]}

    def _uuid(self, *name: str) -> str:
        return str(uuid5(NAMESPACE_URL, ":".join((_TERMS, self.exported.run, *name))))


def _props(told: dict[str, str]) -> Iterator[dict[str, str]]:
    """A property for each value that is not empty."""
    for name, value in told.items():
        if _line(value):
            yield {"name": name, "ns": _TERMS, "value": _line(value)}


def _line(text: str) -> str:
    """The text on one line."""
    return " ".join(text.split())
