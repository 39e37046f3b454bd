"""A rationale can be cut, reduced to its base, and drawn, and each says what it leaves out."""

from __future__ import annotations

import html
import json
import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.commands.common import read_inputs
from grading.commands.tree import dot, plain
from grading.explain.because import Because, base, cut
from grading.explain.why import Explainer
from grading.problems import Place

ROOT = Path(__file__).parent.parent
PLACES = st.builds(
    Place,
    st.sampled_from(["rules/a/pack.yaml", "evidence/a/b/metrics.csv"]),
    line=st.integers(1, 3),
)
TEXTS = st.text(
    st.sampled_from("ab\"\\<>&;{}|[]\n\t '%#äß€") | st.characters(exclude_categories=("Cc", "Cs")),
    max_size=12,
) | st.sampled_from(
    ["\\N", "\\G", "&amp;", "&#65;", '"; a -> b; "', "\\", '\\"', "a\\\\", "x" * 60]
)
LEAVES = st.builds(Because, TEXTS, st.just(()), st.none() | st.sampled_from(["r-1", "r-2"]), PLACES)


def trees(step: st.SearchStrategy[Because]) -> st.SearchStrategy[Because]:
    below = st.lists(step, max_size=3).map(tuple)
    return st.builds(Because, TEXTS, below, st.none() | st.sampled_from(["r-1", "r-2"]), PLACES)


TREES = st.recursive(LEAVES, trees, max_leaves=12)


def leaf(text: str, line: int = 1, record: str | None = None) -> Because:
    return Because(text, (), record, Place("rules/a/pack.yaml", line))


TREE = Because(
    "Good.",
    (
        Because(
            "What holds it up:",
            (
                Because("A is met.", (leaf("Seen", 3, "r-1"), leaf("A rule.", 4)), None, None),
                leaf("Seen", 3, "r-1"),
            ),
        ),
        Because("Told twice", (leaf("Mitigated", 5),), "r-2", Place("evidence/a/b/c.yaml", 5)),
        leaf("Another rule.", 4),
        leaf("A rule.", 4),
    ),
    None,
    Place("rules/a/pack.yaml", 1),
)


# cut


def depths(because: Because) -> int:
    return 1 + max(map(depths, because.rests_on), default=-1)


def test_what_is_cut_is_counted() -> None:
    assert cut(TREE, 0) == Because("Good.", (Because("9 more steps"),), None, TREE.place)
    assert cut(TREE, 1) == Because(
        "Good.",
        (
            Because("What holds it up:", (Because("4 more steps"),)),
            Because("Told twice", (Because("1 more step"),), "r-2", TREE.rests_on[1].place),
            leaf("Another rule.", 4),
            leaf("A rule.", 4),
        ),
        None,
        TREE.place,
    )
    assert cut(TREE, 3) == TREE


def counted(because: Because) -> int:
    """The steps of a rationale, those that are only counted among them."""
    total = 0
    for step in because.walk():
        found = re.fullmatch(r"([1-9]\d*) more steps?", step.text) if step.place is None else None
        total += int(found[1]) if found else 1
    return total


@given(TREES, st.integers(0, 5))
def test_a_cut_loses_no_step_uncounted_and_goes_no_deeper(because: Because, depth: int) -> None:
    found = cut(because, depth)
    assert counted(found) == sum(1 for _ in because.walk())
    assert depths(found) <= depth + 1
    assert (found == because) == (depths(because) <= depth)
    assert (found.text, found.record, found.place) == (
        because.text,
        because.record,
        because.place,
    )


# base


def test_the_base_has_each_record_and_line_once_in_order() -> None:
    assert base(TREE).rests_on == (
        leaf("Seen", 3, "r-1"),
        leaf("A rule. Another rule.", 4),
        Because("Told twice", (), "r-2", Place("evidence/a/b/c.yaml", 5)),
        leaf("Mitigated", 5),
    )
    assert base(leaf("Nothing below")) == leaf("Nothing below")


@given(TREES)
def test_every_record_and_every_line_that_nothing_rests_on_is_in_the_base(
    because: Because,
) -> None:
    found = base(because)
    below = list(because.walk())[1:]
    records = Counter(step.record for step in found.rests_on if step.record)
    lines = Counter(step.place for step in found.rests_on if not step.record)
    assert set(records) == {step.record for step in below if step.record}
    assert set(lines) == {s.place for s in below if not s.record and not s.rests_on}
    assert set(records.values()) | set(lines.values()) <= {1}
    for step in below:
        if not step.record and not step.rests_on:
            assert any(s.place == step.place and step.text in s.text for s in found.rests_on)
    assert all(step.rests_on == () for step in found.rests_on)


# JSON


@given(TREES)
def test_plain_values_say_the_same_as_the_rationale(because: Because) -> None:
    data = json.loads(json.dumps(plain(because)))
    assert set(data) == {"text", "record", "place", "because"}
    assert (data["text"], data["record"], data["place"]) == (
        because.text,
        because.record,
        str(because.place),
    )
    assert data["because"] == [plain(step) for step in because.rests_on]


# DOT

STATEMENT = re.compile(r'((?:[^"\n;]|"(?:[^"\\]|\\.)*")*);\n')
NODE = re.compile(r'  (\w+) \[shape=(\w+), label="((?:[^"\\]|\\.)*)"\]')
EDGE = re.compile(r"  (\w+) -> (\w+)")


def read(text: str) -> tuple[dict[str, tuple[str, list[str]]], list[tuple[str, str]]]:
    """Nodes with shape and lines of label, and edges, as Graphviz reads them."""
    head, body = text.removesuffix("}\n").split("{\n", 1)
    assert head == "digraph rationale "
    nodes: dict[str, tuple[str, list[str]]] = {}
    edges = []
    position = 0
    while position < len(body):
        statement = STATEMENT.match(body, position)
        assert statement, body[position:]
        position = statement.end()
        if node := NODE.fullmatch(statement[1]):
            assert node[1] not in nodes
            nodes[node[1]] = (node[2], shown(node[3]))
        elif edge := EDGE.fullmatch(statement[1]):
            edges.append((edge[1], edge[2]))
        else:
            assert re.match("  (graph|node) ", statement[1])
    return nodes, edges


def shown(label: str) -> list[str]:
    """The lines that are drawn of what stands between quotes."""
    string = (
        label.replace('\\"', '"')
        if "\\\\" not in label
        else re.sub(r'\\(["\\])', lambda m: m[1] if m[1] == '"' else "\\\\", label)
    )
    lines = [""]
    for part in re.findall(r"\\.|[^\\]", string, re.S):
        if part == "\\n":
            lines.append("")
        else:
            lines[-1] += part[-1]
    return [html.unescape(line) for line in lines]


def said(because: Because) -> list[str]:
    """The words of a label."""
    words = because.text.split()
    place = f"{because.place.file}:{because.place.line}" if because.place else ""
    if because.record:
        return ["Record", because.record, *words]
    if because.rests_on:
        return ["Conclusion", place, *words]
    sort = "Rule" if place.startswith("rules/") else "Line"
    return [sort, place, *words]


@given(TREES)
def test_a_graph_has_the_steps_of_the_rationale_word_for_word(because: Because) -> None:
    nodes, edges = read(dot(because, "Why"))
    steps = set(because.walk())
    expected = Counter(tuple(said(step)) for step in steps)
    assert Counter(tuple(" ".join(lines).split()) for _, lines in nodes.values()) == expected
    assert len(edges) == len(set(edges))
    assert len(edges) == len({(step, below) for step in steps for below in step.rests_on})
    below = {target for _, target in edges}
    assert len(set(nodes) - below) == 1


@given(TREES)
def test_every_line_of_a_label_is_short_unless_it_is_one_word(because: Because) -> None:
    for _, lines in read(dot(because, "Why"))[0].values():
        assert all(len(line) <= 48 or " " not in line for line in lines)


def test_sorts_of_steps_have_shapes_and_words_of_their_own() -> None:
    nodes, _ = read(dot(cut(Because("Top", (TREE, leaf("x", 9))), 2), "Why"))
    sorts = {
        (name.split("_")[0], shape, lines[0].split()[0]) for name, (shape, lines) in nodes.items()
    }
    assert sorts == {
        ("conclusion", "box", "Conclusion"),
        ("record", "note", "Record"),
        ("rule", "component", "Rule"),
        ("count", "plaintext", "4"),
        ("count", "plaintext", "1"),
    }


def test_leaves_that_are_shared_are_one_node() -> None:
    nodes, edges = read(dot(TREE, "Why"))
    [shared] = [name for name, (_, lines) in nodes.items() if lines[0] == "Record r-1"]
    assert len([edge for edge in edges if edge[1] == shared]) == 2
    assert len(nodes) == 8


def test_counts_of_what_was_cut_are_nodes_of_their_own() -> None:
    pairs = tuple(Because(text, (leaf("x"),)) for text in "ab")
    nodes, edges = read(dot(cut(Because("Top", pairs), 1), "Why"))
    assert [lines for shape, lines in nodes.values() if shape == "plaintext"] == [
        ["1 more step"]
    ] * 2
    assert len({target for _, target in edges}) == len(edges) == 4


def test_the_id_of_a_node_depends_on_its_step_alone() -> None:
    whole, _ = read(dot(TREE, "Why"))
    part, _ = read(dot(TREE.rests_on[0], "Why not"))
    assert set(part) < set(whole)
    changed = Because("Fair.", TREE.rests_on, None, TREE.place)
    again, _ = read(dot(changed, "Why"))
    assert len(set(whole) - set(again)) == 1


def test_a_title_is_escaped_as_well() -> None:
    text = dot(leaf("a"), 'Is "Q & A" \\N right?')
    assert r'label="Is \"Q &amp; A\" \\N right?"' in text


@pytest.mark.parametrize("target", ["investigating-crime", "overall", "iv-009", "allocation"])
def test_the_rationales_of_an_inspection_are_drawn_whole(target: str) -> None:
    folder = ROOT / "evidence/peel-effectiveness-2016/example-force"
    because = Explainer(read_inputs(folder).grade()).why(target)
    nodes, edges = read(dot(because, target))
    assert len(nodes) == len(set(because.walk()))
    records = {step.record for step in because.walk() if step.record}
    drawn = {lines[0].removeprefix("Record ") for s, lines in nodes.values() if s == "note"}
    assert drawn == records
    assert {name for edge in edges for name in edge} == set(nodes)
    assert {s.record for s in base(because).walk() if s.record} == records
