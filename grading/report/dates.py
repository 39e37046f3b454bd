"""Dates and periods as a reader says them, in one way whatever the machine's language."""

from __future__ import annotations

from datetime import date, timedelta

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def day_words(day: date) -> str:
    """`31 March 2017`."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def period_words(first: date | None, last: date | None) -> str:
    """A period, with both its ends in it: `year to 30 June 2016`; empty where it has no end."""
    if last is None:
        return ""
    if first is None or first == last:
        return f"on {day_words(last)}"
    after = last + timedelta(days=1)
    if (after.month, after.day) == (first.month, first.day) and after.year > first.year:
        years = after.year - first.year
        return f"{f'{years} years' if years > 1 else 'year'} to {day_words(last)}"
    return f"{day_words(first)} to {day_words(last)}"
