"""Row-level file review: one answer about one file."""

from __future__ import annotations

from datetime import date
from typing import Literal, Self

from pydantic import Field, model_validator

from grading.evidence.records import Id, Text
from grading.rules.pack import Slug
from grading.source import Model

Answer = Literal["yes", "no", "na", "unclear"]
REVIEWED_COLUMNS = (
    *("id", "file", "case-type", "sampled-from", "sampling", "criterion", "answer", "reviewer"),
    *("second-reviewer", "second-answer", "reviewed", "note"),
)


class ReviewedFile(Model):
    """One row of `file-review.csv`: one file, one criterion, one answer.

    | column | what to write |
    | --- | --- |
    | `id` | a name of the row that no other record has, such as `fr-001` |
    | `file` | the file's reference; the same on every row of that file |
    | `case-type` | what kind of case it is, in lower case with hyphens; the same on every row of it |
    | `sampled-from` | which files it was drawn from, in words |
    | `sampling` | `random`, `not-random`, or `not-stated` where nobody wrote down how it was drawn |
    | `criterion` | the topic of the rule pack that the answer is about |
    | `answer` | `yes`: the file meets it; `no`: it does not; `na`: it does not arise; `unclear`: not shown |
    | `reviewer` | who answered, as a role or a number, not a name |
    | `second-reviewer`, `second-answer` | who answered again, unseen, and what; empty where nobody did |
    | `reviewed` | the date of the review, such as 2016-10-04; empty where it is not known |
    | `note` | anything else |

    The first answer counts; a second one says how far reviewers agree. Shares, sample sizes and
    intervals are computed, so there is no column for them.
    """

    id: Id
    file: Id
    case_type: Slug = Field(alias="case-type")
    sampled_from: Text = Field(alias="sampled-from")
    sampling: Literal["random", "not-random", "not-stated"]
    criterion: Slug
    answer: Answer
    reviewer: Text
    second_reviewer: str = Field(alias="second-reviewer")
    second_answer: Literal["yes", "no", "na", "unclear", ""] = Field(alias="second-answer")
    reviewed: date | None
    note: str

    @model_validator(mode="after")
    def _the_second_review_is_one(self) -> Self:
        if bool(self.second_reviewer) != bool(self.second_answer):
            raise ValueError("`second-reviewer` and `second-answer` are both filled or both empty")
        if self.second_reviewer == self.reviewer:
            raise ValueError("the second reviewer is someone other than the first")
        return self
