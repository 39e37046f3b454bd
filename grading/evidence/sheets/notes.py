"""What each column of a workbook is for, in a sentence."""

from __future__ import annotations

from collections.abc import Mapping

from grading.evidence.sheets.columns import Column, Sheet

_KINDS: Mapping[str, str] = {
    "text": "text",
    "number": "a number; 16.4% and 16.4 are the same figure in per cent",
    "whole": "a whole number",
    "date": "a date, or text such as 2016-03-31",
    "yes-no": "yes or no",
    "words": "a word of the list",
    "list": "entries with semicolons between them",
}
SHEET_NOTES: Mapping[str, str] = {
    "inspection": "One row: which body was inspected, when, and what was searched",
    "team": "Who took part, by role; people are not named",
    "carried-forward": "Questions that were not inspected this time and keep an earlier grade",
    "not-graded": "Questions that get a value of the scale which is not a grade",
    "fieldwork": "One row for each observation",
    "file-review-summary": "One row for each thing that a review of files is published to have shown",
    "file-review": "One row for each file and criterion; shares are computed from them",
    "metrics": "One row for each figure of a body and period",
    "surveys": "One row for each answer of a survey",
    "previous": "One row for each earlier judgment or finding",
    "answers": "One row for each thing that `grading evidence check` found and somebody accepted",
    "moderation": "One row for each grade that people changed; it is never changed afterwards",
    "challenges": "One row for each thing that the inspected body disputes, and the answer",
}
READ_FIRST = (
    "Fill in the sheets that you need and leave the others as they are. A heading on blue stands over"
    " cells that every row needs; what a column is for shows at its heading.",
    "One row is one record. Choose words from the lists; the sheet `guide` says what they mean.",
    "Write figures with the decimals of their source: a cell that shows 16.0 is read as 16.0, and one"
    " that shows 16 as 16. A cell that shows 16.4% is read as 16.4 per cent.",
    "Where something was looked for and nothing was found, write `none` in the first cell of its sheet,"
    " below the heading. An empty sheet says that nobody looked.",
    "Do not merge cells, and do not hide rows, columns or sheets. Then read the workbook in with"
    " `grading evidence import`: it names the cell of whatever is not right.",
)
_EVERYWHERE: Mapping[str, str] = {
    "id": "A name for the record, once in the whole inspection: small letters, digits, hyphens",
    "topic": "What it is about, as the rule pack names it",
    "direction": "Whether it supports that the standard is met, contradicts it, or neither",
    "extent": "How many of those concerned it reaches; empty where the source does not bear it out",
    "maturity": "How settled the practice is; empty where the source does not bear it out",
    "effect": "What result was seen; empty where the source does not bear it out",
    "severity": "How grave a weakness is; only for one that contradicts",
    "mitigation-says": "What makes a weakness matter less, where the evidence states it",
    "mitigation-weight": "Whether that makes up for it partly or fully",
    "mitigation-records": "The ids of the records that show it",
    "statement": "What was seen or told, in the words of whoever records it",
    "heading": "The heading of the source under which it stands",
    "footnote": "The number of the footnote of the source",
    "body": "The inspected body: small letters, digits, hyphens",
    "value": "The figure; empty where there is none",
    "unit": "What the figure counts; it must be the unit of its series",
    "from": "The first day of the period",
    "to": "The last day of the period; for a point in time, that day",
    "status": "Whether the figure or finding stands, and if not, in what way",
    "reason": "Why a figure is missing or only partly there",
    "locator": "Where in the source it stands: figure, table, page",
    "note": "Anything that a reader of the figure must know",
    "question": "The question of the rule pack",
    "sampling": "How those who were asked or read were chosen",
}
COLUMN_NOTES: Mapping[tuple[str, str], str] = {
    ("inspection", "body-name"): "The name of the body, as reports print it",
    ("inspection", "framework"): "The framework under which the body is inspected",
    ("inspection", "pack"): "The rule pack that grades it",
    ("inspection", "synthetic"): "`yes` for an inspection that is made up; otherwise empty",
    ("inspection", "fieldwork-from"): "The first day of fieldwork",
    ("inspection", "fieldwork-to"): "The last day of fieldwork",
    ("inspection", "published"): "The day of publication",
    ("inspection", "as-of"): "The day as of which the body is graded",
    ("inspection", "source"): "The document that the records come from",
    ("inspection", "plan-coverage"): "`full`, or `published-summary` where others cut it short",
    ("inspection", "plan-searched"): "`all`, or the topics that were searched",
    ("team", "role"): "A part in the inspection",
    ("team", "did"): "What that part did",
    ("carried-forward", "record"): "The id of the earlier judgment on the sheet `previous`",
    ("not-graded", "value"): "The value of the scale that is not a grade",
    ("not-graded", "because"): "Why there is no grade",
    ("fieldwork", "method"): "How it was found out",
    ("fieldwork", "subjects"): "Who was asked or watched, by role",
    ("fieldwork", "site"): "Where",
    ("fieldwork", "date"): "The day on which it was seen or told",
    ("fieldwork", "when"): "The time in words, where no day is known",
    ("file-review-summary", "files"): "How many files were read",
    ("file-review-summary", "quantified"): "Whether the source gives a number for what it says",
    ("file-review-summary", "case-types"): "The kinds of cases that the files were about",
    ("file-review", "file"): "The file's reference; the same on every row of that file",
    ("file-review", "case-type"): "What kind of case it is; the same on every row of the file",
    ("file-review", "sampled-from"): "Which files it was drawn from",
    ("file-review", "criterion"): "The topic of the rule pack that the answer is about",
    (
        "file-review",
        "answer",
    ): "Whether the file meets it; `na` does not arise, `unclear` not shown",
    ("file-review", "reviewer"): "Who answered, by role or number",
    ("file-review", "second-reviewer"): "Who answered again, unseen; empty where nobody did",
    ("file-review", "second-answer"): "The second answer; empty where nobody gave one",
    ("file-review", "reviewed"): "The day of the review, where it is known",
    ("metrics", "definition"): "What was counted, where that is not what the series says",
    ("metrics", "synthetic"): "`yes` for a figure that is made up; otherwise empty",
    ("metrics", "series"): "The series of the rule pack to which the figure belongs",
    ("metrics", "comparator"): "Whether the figure is one to compare with, not the body's own",
    ("metrics", "numerator"): "What was counted",
    ("metrics", "denominator"): "Of how many, or per how many",
    ("metrics", "release"): "The release of the data",
    ("metrics", "caveats"): "Limits on how the figure may be read, as the rule pack names them",
    ("surveys", "survey"): "The survey: small letters, digits, hyphens",
    ("surveys", "item"): "The question that was asked: small letters, digits, hyphens",
    ("surveys", "answer"): "The answer that the figure is about",
    ("surveys", "n"): "How many answered",
    ("surveys", "population"): "Who was asked",
    ("surveys", "weighting"): "By what the answers were weighted",
    ("answers", "check"): "The name or code of the check, as `grading evidence check` tells it",
    ("answers", "records"): "The ids of all records that it is told of",
    ("answers", "accepted-because"): "Why the evidence stands as it is",
    ("answers", "by"): "Who accepted it, by role; people are not named",
    ("answers", "date"): "The day on which it was accepted",
    ("moderation", "from"): "The grade that was changed; `undetermined` where it was open",
    ("moderation", "to"): "The grade that people settled on; empty where a change is taken back",
    ("moderation", "by"): "Who changed it",
    ("moderation", "role"): "In what role",
    ("moderation", "date"): "The day from which it is in force",
    ("moderation", "because"): "Why",
    ("moderation", "evidence"): "The ids of the records that it rests on",
    ("moderation", "until"): "The last day on which it is in force; empty where there is none",
    ("moderation", "second-by"): "Who agreed; needed for more than one step",
    ("moderation", "second-role"): "In what role that person agreed",
    ("moderation", "supersedes"): "The id of the change above whose place it takes",
    ("challenges", "by"): "Who disputes it",
    ("challenges", "role"): "In what role",
    ("challenges", "date"): "The day on which it was disputed",
    ("challenges", "of"): "The ids of the records, criteria or questions that are disputed",
    ("challenges", "says"): "What is wrong, in the words of whoever disputes it",
    ("challenges", "answer-outcome"): "Whether the challenge is upheld; empty while it is open",
    ("challenges", "answer-by"): "Who answered it",
    ("challenges", "answer-role"): "In what role",
    ("challenges", "answer-date"): "The day of the answer",
    ("challenges", "answer-because"): "Why it was answered so",
    ("challenges", "answer-corrections"): "The ids of the records that were corrected or added",
    ("previous", "kind"): "An earlier judgment, or what was found",
    ("previous", "raised"): "The year in which it was first raised",
    ("previous", "grade"): "The grade of an earlier judgment",
    ("previous", "first-called"): "What it was called when it was first raised, if otherwise",
}


def must_be_filled(sheet: Sheet, column: Column) -> str:
    """`yes` where every row needs the cell, or in which rows; nothing where none does."""
    if not column.required:
        return ""
    if column.group and not sheet.needs_whole[column.group]:
        return f"where any cell of `{column.group}` is filled"
    return "yes"


def note(sheet: Sheet, column: Column) -> str:
    """What the column is for; where nobody has said it, nothing."""
    return COLUMN_NOTES.get((sheet.name, column.name)) or _EVERYWHERE.get(column.name, "")


def holds(column: Column, is_listed: bool) -> str:
    """What may be written in the column, for which there may be a list to choose from."""
    said = _KINDS["words" if is_listed and column.kind == "text" else column.kind]
    if column.kind == "list" and is_listed:
        said = "words of the list, with semicolons between them"
    if column.kind == "list" and column.words:
        said = f"`{column.words[0]}`, or {said}"
    return said
