"""The pictures of pipelines: what `show` prints, and that every picture is well formed and nothing in it overlaps."""

import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from inprocess import outcome
from streams import cases

from tickdiscord.graph.forms import FORMS
from tickdiscord.graph.graph import Graph, Link, Vertex, graph_of
from tickdiscord.graph.layout import Size, layout
from tickdiscord.graph.text import text
from tickdiscord.pipeline.evaluate import load_text

HERE = Path(__file__).parent
CASES: list[Mapping[str, Any]] = yaml.safe_load((HERE / "cases.yaml").read_text(encoding="utf-8"))
SCRIPTS = sorted({case["script"] for case in cases("pipelines.yaml") if "events" in case})[::8]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_show(case: Mapping[str, Any], tmp_path: Path) -> None:
    done = outcome(case["files"], case["command"], tmp_path)
    assert (done.out, done.code) == (case["out"], case.get("code", 0)), done.err
    assert "Traceback" not in done.err


def test_a_picture_in_a_file(tmp_path: Path) -> None:
    script = "stream|from().measurement('a<b & \"c\"')|alert().crit(lambda: \"x\" > 1).message('\u0007')"
    done = outcome(
        {"t.tick": script, "p.lp": "cpu x=2 1"}, "show t.tick --points p.lp --format svg -o out.svg", tmp_path
    )
    assert (done.code, done.out) == (0, "")
    drawn = ElementTree.parse(tmp_path / "out.svg").getroot()
    texts = ["".join(each.itertext()) for each in drawn.iter("{http://www.w3.org/2000/svg}text")]
    assert ".measurement('a<b & \"c\"')" in texts
    assert "prefers-color-scheme: dark" in (tmp_path / "out.svg").read_text(encoding="utf-8")


def test_what_is_counted_changes_nothing(tmp_path: Path) -> None:
    files = CASES[1]["files"]
    run = outcome(files, "run web.tick --points points.lp --precision s --dry-run", tmp_path)
    shown = outcome(files, "show web.tick --points points.lp --precision s", tmp_path)
    assert "1 CRITICAL, 1 OK" in run.err
    assert "1 CRITICAL, 1 OK" in shown.out


def test_every_form_of_every_script() -> None:
    for script in SCRIPTS:
        graph = graph_of(load_text(script, "task", "task.tick"))
        drawn = {form: draw([graph, graph]) for form, draw in FORMS.items()}
        ElementTree.fromstring(drawn["svg"])
        for vertex in graph.vertices:
            assert all(vertex.name in picture for picture in drawn.values())


graphs = st.integers(1, 12).flatmap(
    lambda size: st.lists(
        st.tuples(st.integers(0, size - 1), st.integers(0, size - 1)).filter(lambda ends: ends[0] < ends[1]),
        max_size=20,
    ).map(
        lambda ends: Graph(
            "task",
            [],
            [Vertex(f"node{number}", f"node{number}", []) for number in range(size)],
            [Link(start, end, batches=False) for start, end in ends],
        )
    )
)


@settings(deadline=None, max_examples=80)
@given(graphs, st.data())
def test_boxes_do_not_overlap_and_edges_lead_down(graph: Graph, data: st.DataObject) -> None:
    sizes = [Size(data.draw(st.integers(10, 300)), data.draw(st.integers(10, 90))) for _ in graph.vertices]
    found = layout(graph, sizes, 20, 30)
    boxes = list(zip(found.places, sizes, strict=True))
    for number, (place, size) in enumerate(boxes):
        assert place.x - size.width / 2 > -0.1
        assert place.x + size.width / 2 < found.size.width + 0.1
        for other, wide in boxes[:number]:
            apart = abs(place.x - other.x) >= (size.width + wide.width) / 2
            assert apart or place.y >= other.y + wide.height or other.y >= place.y + size.height
    for way in found.ways:
        assert all(one.y < other.y for one, other in pairwise(way))


@settings(deadline=None, max_examples=80)
@given(graphs)
def test_a_tree_shows_every_node_in_whole_once_and_every_edge(graph: Graph) -> None:
    lines: Sequence[str] = text(graph).splitlines()[1:]
    whole = sorted(line.split()[-1] for line in lines if "(below)" not in line)
    assert whole == sorted(vertex.name for vertex in graph.vertices)
    roots = len(graph.vertices) - len({link.end for link in graph.links})
    assert len(lines) == len(graph.links) + roots


def test_a_deep_pipeline_is_shown() -> None:
    script = "stream|from()" + "|noOp()" * 140
    graph = graph_of(load_text(script, "task", "task.tick"))
    assert all(draw([graph]) for draw in FORMS.values())
