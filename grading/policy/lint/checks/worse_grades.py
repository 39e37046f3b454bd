"""L112: better evidence that lowers a grade."""

from __future__ import annotations

from collections.abc import Iterator

from grading.policy.lint.ladder_parts import Part
from grading.policy.lint.subject import Subject
from grading.problems import Problem, listed


def worse_grades(subject: Subject) -> Iterator[Problem]:
    """The rungs from which better evidence leads down, or to which worse evidence leads up."""
    for home, judgments in subject.by_home.items():
        seen: set[str] = set()
        for judgment in judgments:
            for part in judgment.parts if judgment.every else ():
                for worse in judgment.states.worse(part.adds):
                    rung = worse.before if worse.better else worse.after
                    if rung in seen:
                        continue
                    seen.add(rung)
                    written = next(
                        w
                        for w in subject.written
                        if (w.kind, w.home, w.name) == ("rung", home, rung)
                    )
                    kind, way = ("better", "lowers") if worse.better else ("worse", "raises")
                    message = (
                        f"{kind} evidence {_on(part)} {way} `{judgment.owner}` from"
                        f" `{worse.before}` to `{worse.after}`"
                    )
                    hint = f"let {written.says} hold wherever the evidence is better"
                    yield Problem(written.key, "L112", message, hint)


def _on(part: Part) -> str:
    if part.kind == "earlier":
        return "on what was found earlier, nearer to being closed,"
    names = listed((f"`{name}`" for name in part.names), "and")
    return {"criteria": f"on {names}", "figures": f"of {names}"}.get(part.kind, f"for {names}")
