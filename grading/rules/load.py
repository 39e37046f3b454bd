"""A rule pack: a folder of YAML files, read, checked and resolved."""

from __future__ import annotations

from pathlib import Path as FilePath

from grading.problems import Place, Problem, raise_if
from grading.rules.checking import check_problems
from grading.rules.compose import Composer
from grading.rules.files import PackFiles, digest, read_files, read_pack
from grading.rules.loaded import OVERALL, Pack, PlacedCriterion
from grading.rules.references import unknown_references
from grading.rules.resolve import Path
from grading.source import Folder


def load_pack(folder: FilePath) -> Pack:
    """The pack in a folder. Raises BadInput with every problem of every file."""
    return pack_of(read_pack(folder))


def pack_of(folder: Folder) -> Pack:
    """The pack that the files of a folder are. Raises BadInput with every problem of every file."""
    return files_and_pack(folder)[1]


def files_and_pack(folder: Folder) -> tuple[PackFiles, Pack]:
    """The files of a pack as they are written, and the pack that they are. Raises as `pack_of`."""
    problems: list[Problem] = []
    files = read_files(folder, problems)
    if files is None:
        raise_if(problems)
        raise AssertionError("a pack that cannot be read has at least one problem")
    pack = _resolve(files, problems)
    raise_if(problems)
    return files, Pack(**{**vars(pack), "digest": digest(folder.digests)})


def _resolve(files: PackFiles, problems: list[Problem]) -> Pack:
    _, manifest = files.manifest
    questions = {name: question for name, (_, question) in files.questions.items()}
    criteria = _criteria(files, problems)
    topics = _topics(files, problems)
    base = Pack(
        manifest=manifest,
        questions=questions,
        criteria=criteria,
        series=files.series.series,
        caveats=files.series.caveats,
        indicators=files.indicators.indicators,
        rules={},
        limiters={},
        topics=topics,
        places=_places(files),
        checks=files.checks.checks,
        bands=files.series.bands,
        populations=files.series.populations,
    )
    problems.extend(unknown_references(files, base))
    problems.extend(check_problems(files, base))
    resolver = Composer(files, base, problems)
    rules = {rule.id: rule for rule in resolver.rules()}
    return Pack(**{**vars(base), "rules": rules, "limiters": resolver.limiters})


def _criteria(files: PackFiles, problems: list[Problem]) -> dict[str, PlacedCriterion]:
    criteria: dict[str, PlacedCriterion] = {}
    taken = {q: document.place(("question",)) for q, (document, _) in files.questions.items()}
    for question, (document, model) in files.questions.items():
        if question == OVERALL:
            message = "`overall` is the name of the overall judgment"
            problems.append(Problem(taken[question], "E309", message, "rename the question"))
        for sub, sub_question in model.sub_questions.items():
            path: Path = ("sub-questions", sub)
            _take(sub, document.key_place(path), taken, problems)
            for name, criterion in sub_question.criteria.items():
                place = document.key_place((*path, "criteria", name))
                _take(name, place, taken, problems)
                criteria[name] = PlacedCriterion(name, question, sub, criterion, place)
            if sub_question.criteria and not any(c.core for c in sub_question.criteria.values()):
                problems.append(
                    Problem(
                        document.key_place(path),
                        "E310",
                        f"sub-question `{sub}` has no core criterion",
                        "mark at least one criterion `core: true`",
                    )
                )
    return criteria


def _take(name: str, place: Place, taken: dict[str, Place], problems: list[Problem]) -> None:
    if name in taken:
        message = f"`{name}` is used twice in the pack"
        problems.append(Problem(place, "E309", message, f"first used at {taken[name]}"))
    taken.setdefault(name, place)


def _topics(files: PackFiles, problems: list[Problem]) -> dict[str, str | None]:
    topics: dict[str, str | None] = {}
    taken: dict[str, Place] = {}
    for document, model in files.questions.values():
        for sub, sub_question in model.sub_questions.items():
            path: Path = ("sub-questions", sub)
            for topic in sub_question.topics:
                _take(topic, document.key_place((*path, "topics", topic)), taken, problems)
                topics[topic] = None
            for name, criterion in sub_question.criteria.items():
                for topic in criterion.topics:
                    place = document.key_place((*path, "criteria", name, "topics", topic))
                    _take(topic, place, taken, problems)
                    topics[topic] = name
    return topics


def _places(files: PackFiles) -> dict[str, Place]:
    places = {OVERALL: files.manifest[0].key_place(("overall",))}
    for name, (document, question) in files.questions.items():
        places[name] = document.place(("question",))
        for sub in question.sub_questions:
            places[sub] = document.key_place(("sub-questions", sub))
    if files.indicators_document is not None:
        for name in files.indicators.indicators:
            places[f"indicator.{name}"] = files.indicators_document.key_place(("indicators", name))
    if files.checks_document is not None:
        for name in files.checks.checks:
            places[f"check.{name}"] = files.checks_document.key_place(("checks", name))
    if files.series_document is not None:
        for name in files.series.caveats:
            places[f"caveat.{name}"] = files.series_document.key_place(("caveats", name))
    return places
