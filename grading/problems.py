"""Problems in input files: a place, a code that never changes its meaning, and a remedy."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice

CODES: Mapping[str, str] = {
    "E101": "there is no such file",
    "E102": "not a regular file",
    "E103": "the file cannot be opened or read",
    "E104": "the file is too large",
    "E105": "the file is not UTF-8",
    "E106": "a byte order mark",
    "E107": "a control character",
    "E108": "a character that changes the direction of text",
    "E109": "the file is empty",
    "E110": "a YAML directive",
    "E111": "more than one YAML document in a file",
    "E112": "a YAML anchor",
    "E113": "a YAML alias",
    "E114": "a YAML tag",
    "E115": "a key is written twice in one mapping",
    "E116": "a key that is not text",
    "E117": "a YAML merge key",
    "E118": "a tab in a YAML file",
    "E119": "nested too deeply",
    "E120": "too many values in one file",
    "E121": "a text is too long",
    "E122": "a number has too many digits",
    "E123": "no such date",
    "E124": "a word that other programs read as true or false",
    "E125": "true, false or null with capital letters",
    "E126": "digits with colons, which other programs read as a number in base 60",
    "E127": "a number with leading zeros",
    "E128": "a hexadecimal, octal or binary number",
    "E129": "a number with underscores",
    "E130": "a number with an exponent",
    "E131": "a decimal number without digits on both sides of the point",
    "E132": "a number with a plus sign",
    "E133": "infinity or not-a-number",
    "E134": "a date with a time",
    "E135": "a lone equals sign",
    "E136": "wrong indentation",
    "E137": "a quote that is not closed",
    "E138": "a bracket that is not closed",
    "E139": "a colon and a space inside a value without quotes",
    "E140": "a value begins with a character that YAML reserves",
    "E141": "an unknown escape in double quotes",
    "E142": "text that is not YAML",
    "E143": "text after a closed quote or bracket",
    "E144": "the files of a folder are together too large",
    "E151": "an unknown column",
    "E152": "a missing column",
    "E153": "a column occurs twice",
    "E154": "a row with too many or too few cells",
    "E155": "a quote that is not closed in a cell",
    "E156": "a quote in the wrong place in a cell",
    "E157": "spaces around a cell",
    "E158": "a cell is too long",
    "E159": "too many rows",
    "E160": "cells separated by something other than commas",
    "E161": "a column without a name",
    "E162": "an empty line in a table",
    "E163": "too many columns",
    "E170": "a cell that needs a value is empty",
    "E171": "a cell is not a number",
    "E172": "a cell is not a whole number",
    "E173": "a cell is not a date",
    "E174": "a cell is not one of the allowed words",
    "E201": "an unknown key",
    "E202": "a missing key",
    "E203": "a value of the wrong kind",
    "E204": "a value is not one of the allowed words",
    "E205": "a text or list is too short",
    "E206": "a text or list is too long",
    "E207": "a text does not have the form it must have",
    "E208": "a number or date is out of range",
    "E209": "a value breaks a rule of its kind",
    "E210": "a number is written with too many digits or is not a multiple",
    "E211": "a mapping does not say which kind it is",
    "E301": "a question and its file do not belong together",
    "E302": "a condition asks about an indicator that the pack does not have",
    "E303": "a condition asks about a criterion that the pack does not have",
    "E304": "a topic that the pack, or the criterion, does not have",
    "E305": "a level that the coding does not have",
    "E306": "a grade that the scale does not have",
    "E307": "evidence is sought without saying on which topics",
    "E308": "a file that is no part of the pack",
    "E309": "one name for two things",
    "E310": "a sub-question without a core criterion",
    "E311": "a ladder that the pack does not have",
    "E312": "a criterion without conditions, or with a test that the pack does not have",
    "E313": "a caveat that the pack does not have",
    "E314": "a series that the pack does not have",
    "E315": "rungs that are not in the order of the scale",
    "E316": "a condition asks about what is only concluded later",
    "E317": "a condition asks about an indicator whose evidence decides nothing",
    "E318": "a ladder whose last rung may not be reached",
    "E319": "more rules than the engine can be trusted with",
    "E320": "words compared as numbers, or numbers as words",
    "E331": "a series is ranked without bands, or by bands that the pack does not have",
    "E332": "a series names another that the pack does not have as not comparable",
    "E340": "a check compares series that do not compare",
    "E401": "there is no such folder of evidence",
    "E402": "a file that is no part of an inspection",
    "E403": "a record or plan names a topic that the pack does not have",
    "E404": "a record is named that is not there",
    "E405": "the pack is for another framework",
    "E406": "the pack was not in force on the as-of date",
    "E407": "a question that the pack does not have, or does not grade",
    "E408": "two records have one id",
    "E409": "a level that the coding of the pack does not have",
    "E410": "a series that the pack does not have",
    "E411": "a figure in another unit than its series",
    "E412": "a figure that cannot occur in its series",
    "E413": "a period ends before it starts",
    "E414": "a caveat that the pack does not have",
    "E415": "a share below 0 or above 100 per cent",
    "E416": "an earlier grade that the scale does not have",
    "E417": "there is no such rule pack",
    "E418": "`not-graded` names no graded question of the pack",
    "E419": "`not-graded` gives a value that the scale does not have",
    "E420": "every question is `not-graded` and the overall judgment is not",
    "E421": "a count, rate or duration below zero",
    "E451": "a changed grade of what has no grade",
    "E452": "a changed grade that the scale does not have",
    "E453": "a change that needs two people and names one",
    "E454": "two changes of one grade are in force on one day",
    "E455": "a change takes the place of one that is not there",
    "E441": "a file is answered twice on one criterion",
    "E442": "one file is described in two ways",
    "E443": "more problems than are told",
    "E431": "made-up figures beside an inspection of a real body",
    "E501": "two cases of a pack have one id",
    "E502": "a case names something that the pack does not have",
    "E503": "no evidence that a case can give makes a criterion come out as it says",
    "E504": "an interval that is not written worst grade first",
    "C101": "one series, body and period with two values",
    "C102": "a rounded value and an exact one that do not agree",
    "C103": "a total that its parts cannot add up to",
    "C104": "printed parts that do not add up to the printed total, by rounding alone",
    "C105": "a stated change that the two values do not allow",
    "C106": "of two recorded values, the one that gives the stated change",
    "C107": "a part above its whole",
    "C108": "a figure that is not its numerator over its denominator",
    "C109": "counts and rates that imply different populations",
    "C110": "growth of a part that its shares and the growth of the whole do not allow",
    "C111": "changes over two times that imply one that cannot be, or that the course turned",
    "C112": "a change of a share in per cent or in percentage points",
    "C113": "periods of different length",
    "C114": "periods that end at different times of the year",
    "C115": "a period one month longer than whole years",
    "C116": "a claim of a level or trend whose figure is not there",
    "C117": "a level or trend without a figure",
    "C118": "a figure that is shown as a chart alone",
    "C119": "statements that contradict each other",
    "C120": "a weakness with no area for improvement and no mitigation",
    "C121": "figures side by side that do not compare",
    "C122": "a figure outside the range stated for all bodies",
    "C123": "one label for two things",
    "C124": "rates of one table with different denominators",
    "C125": "one document with two dates",
    "C126": "a figure with a date in one place and without in another",
    "C127": "a figure that two files give differently",
    "C128": "a figure and its comparator without a common period",
    "C190": "an answer to nothing that is found",
    "D101": "a recorded figure that its source document does not have under its heading",
    "D102": "a heading of a record that its source document does not have",
    "D103": "a figure of the source document that no record covers",
    "D104": "more numbers in the source document than can be compared",
    "D105": "records of different things that would all be one cell of a table",
    "E601": "a change names a record that is not there",
    "E602": "a change that is not written as one",
    "E603": "an added record has the id of one that is there",
    "E604": "changes that cannot both be made",
    "E605": "what is set is no indicator or criterion of the pack",
    "E606": "a value or outcome that cannot be",
    "E607": "added records in no form of evidence",
    "E608": "the id of a record is corrected",
    "E609": "a source that no record comes from",
    "E701": "a file that is neither a workbook nor a table",
    "E702": "a workbook that needs a password",
    "E703": "a workbook that unpacks to too much",
    "E704": "a workbook with macros or with links to other files",
    "E705": "a workbook that is damaged",
    "E706": "a sheet or table that is no part of the evidence",
    "E707": "merged cells",
    "E708": "a formula without a value",
    "E709": "a cell that holds an error",
    "E710": "a hidden row, column or sheet",
    "E711": "a cell of the wrong kind",
    "E712": "a percentage where the unit is none",
    "E713": "a sheet that is read twice",
    "E714": "a record of the folder that the workbook does not have",
    "E715": "a cell outside the headed columns",
    "E716": "not exactly one inspection",
    "E717": "the folder holds another inspection",
    "E718": "evidence that a workbook cannot hold",
    "E719": "an import that was interrupted and is not complete",
    "E720": "a folder that changed while it was read",
    "E801": "a file that is no run record",
    "E802": "a run record of another form",
    "E803": "a run record with a file that no run reads",
    "E804": "there is no such run",
    "E805": "the id of several runs",
    "E806": "there is no run store",
    "E807": "a run whose document is of another form",
    "E808": "a pointer that names no text to redact",
    "E809": "a text that is too short to be redacted",
    "E810": "a word of the program that would be redacted",
    "E811": "a file that is no redaction key",
    "E812": "a file that is no Ed25519 key",
    "E813": "a file that is no signature",
    "L101": "a rung that no evidence reaches",
    "L102": "an outcome of criteria that no evidence leads to",
    "L103": "a finding that no evidence leads to",
    "L104": "a limiter that never bites",
    "L105": "a criterion that never matters to the grade",
    "L106": "a condition that a wider one beside it makes needless",
    "L107": "a condition that never holds",
    "L108": "a condition that always holds",
    "L109": "a part of a rung or limiter that never changes a grade",
    "L110": "two findings on one criterion at once",
    "L111": "better evidence that lowers an outcome",
    "L112": "better evidence that lowers a grade",
    "L113": "more states than are looked at",
    "L201": "a source that names nothing",
    "L202": "a rule or number without a source",
    "L203": "a condition about evidence that decides nothing",
    "L204": "a rule whose evidence never suffices by its roles",
    "L205": "series compared that are not comparable",
    "L206": "series of different measures put together",
    "L207": "a kind of evidence that there is not",
    "L301": "a cause of concern without a recommendation of its own",
    "L302": "a text that says another number than its condition",
    "L303": "a text that bounds a number the other way than its condition",
    "L304": "a placeholder that nothing fills in",
    "L401": "a rule that holds in no case, or in every case",
    "L402": "a threshold without a case on each side",
    "L403": "a pack without cases",
    "L501": "a change of meaning without a change of version",
    "L502": "a version that is not the newest of the history",
    "L503": "a version whose meaning the history does not hold",
    "L601": "something that nothing uses",
    "L901": "something accepted without a reason",
    "L902": "something accepted that has no such code",
    "L903": "something accepted that is not found",
    "A101": "a recorded file that is not what its digest says",
    "A102": "a digest of a record that its files do not have",
    "A103": "a record that is not written as records are",
    "A104": "a run that comes to something else than its record says",
    "A105": "an export that is not what the record of its run says",
    "A106": "an export that is redacted by another key, or is of another run",
    "A111": "a record that is not what its name says",
    "A112": "a record that an entry names and the store does not have",
    "A113": "a record that no entry names",
    "A114": "an entry of something that its record did not take in",
    "A121": "an entry of the chain is missing",
    "A122": "an entry that is not written as entries are",
    "A123": "an entry that does not follow the one before it",
    "A124": "the head of the chain is not that of its entries",
    "A125": "the chain has no head",
    "A126": "a head that was noted elsewhere is not in the chain",
    "A127": "a signature that is not of this key, or was changed",
    "A128": "a head that was signed is not in the chain",
    "A129": "a report that no entry tells of",
    "A131": "a file that is no part of a run store",
}
"""What each code means, for ever. A retired code stays here and is not used again."""

_LONGEST_QUOTE = 60
_FEW = 8
_MOST_COMPARED = 5_000


@dataclass(frozen=True, order=True)
class Place:
    """Where something was written: lines and columns count from 1.

    In a workbook the line is a row of the `sheet`; line 0 is the sheet as a whole.
    """

    file: str
    sheet: str = field(default="", kw_only=True)
    line: int
    column: int = 1

    def __str__(self) -> str:
        if not self.sheet:
            return f"{self.file}:{self.line}:{self.column}"
        cell = f"!{column_letters(self.column)}{self.line}" if self.line else ""
        return f"{self.file}#{self.sheet}{cell}"


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong in one input file."""

    place: Place
    code: str
    message: str
    hint: str = ""

    def __str__(self) -> str:
        return f"{self.place}: {self.code} {self.message}" + (
            f" ({self.hint})" if self.hint else ""
        )


class BadInput(Exception):
    """Input that cannot be graded. Carries every problem, once each, in order of place and code."""

    problems: tuple[Problem, ...]

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(map(str, self.problems)))

    def __reduce__(self) -> tuple[type[BadInput], tuple[tuple[Problem, ...]]]:
        return BadInput, (self.problems,)


def column_letters(column: int) -> str:
    """The name of a column in a spreadsheet: A is 1, Z is 26, AA is 27."""
    letters = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def raise_if(problems: Iterable[Problem]) -> None:
    """There were no problems; otherwise all of them were raised as one `BadInput`."""
    found = tuple(problems)
    if found:
        raise BadInput(found)


def first_told(problems: Iterable[Problem], most: int) -> list[Problem]:
    """So many problems; and where there are more, one that says so."""
    told = list(islice(problems, most + 1))
    if len(told) > most:
        message = f"more is wrong than the {most:,} problems that are told"
        told[most] = Problem(told[most].place, "E443", message, "correct those first")
    return told


def quoted(word: object) -> str:
    """The author's word in backticks, on one line, shortened when long."""
    text = str(word)[: _LONGEST_QUOTE + 1]
    shown = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
    return f"`{shown}`" if len(text) <= _LONGEST_QUOTE else f"`{shown[:_LONGEST_QUOTE]}…`"


def listed(words: Iterable[str], last: str = "or") -> str:
    """The words as a phrase: `a, b or c`."""
    *head, tail = list(words) or [""]
    return f"{', '.join(head)} {last} {tail}" if head else tail


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """ "did you mean `x`?" for the known word nearest to this one, or nothing when none is near."""
    near = nearest(word, known)
    return f"did you mean {quoted(near)}?" if near else ""


def known_instead(word: str, known: Iterable[str]) -> str:
    """The known word that was meant; where none is near, all of them if they are few."""
    names = list(known)
    few = f"known: {', '.join(map(quoted, names))}" if 0 < len(names) <= _FEW else ""
    return did_you_mean(word, names) or few


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word nearest to this one, or nothing. The same for the same words in any order.

    Among very many words none is looked for, since each is compared letter by letter.
    """
    known = tuple(islice(known, _MOST_COMPARED + 1))
    if len(known) > _MOST_COMPARED:
        return ""
    by_folded = {_folded(name): name for name in sorted(known, reverse=True)}
    close = difflib.get_close_matches(_folded(word[:100]), sorted(by_folded), n=1, cutoff=0.6)
    return by_folded[close[0]] if close else ""


def _folded(word: str) -> str:
    return word.casefold().replace("_", "-").replace(" ", "-")
