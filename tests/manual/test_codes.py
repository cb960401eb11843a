"""Every code that tickdiscord says stands in the manual, with examples that do what they say."""

import re
from pathlib import Path

import pytest
from inprocess import outcome

import tickdiscord
from tickdiscord.manual.codes import Code, Example, codes
from tickdiscord.manual.pages import index, page

PACKAGE = Path(tickdiscord.__file__).parent

SHOWN = [(code, word, getattr(code, word)) for code in codes().values() for word in ("wrong", "right")]
EXAMPLES = [(code, word, example) for code, word, example in SHOWN if not example.words]
IDS = [f"{code.code} {word}" for code, word, _ in EXAMPLES]

INVENTED = {"TD000"}
"""Codes that stand in an example because they do not exist."""


def test_every_code_of_the_source_is_in_the_manual_and_the_other_way_round() -> None:
    said = {
        found[0]
        for module in PACKAGE.rglob("*.py")
        for found in re.finditer(r"\bTD\d{3}\b", module.read_text(encoding="utf-8"))
    }
    assert sorted(said - INVENTED) == sorted(codes())


@pytest.mark.parametrize(("code", "word", "example"), EXAMPLES, ids=IDS)
def test_example(code: Code, word: str, example: Example, tmp_path: Path) -> None:
    done = outcome(example.files, example.command, tmp_path)
    if word == "wrong":
        assert f"[{code.code}]" in done.said
    else:
        found = re.findall(r"^.*(?:error|warning|info)\[TD\d{3}\].*$", done.said, re.M)
        assert (found, done.code) == ([], 0)


@pytest.mark.parametrize("code", codes().values(), ids=codes())
def test_a_page_has_a_title_and_a_meaning_in_whole_sentences(code: Code) -> None:
    assert not code.title.endswith(".")
    assert code.title[0].isupper() or code.title[0] in "`-"
    assert not code.meaning or code.meaning.rstrip().endswith((".", "`", ")", ":"))
    assert f"{code.code}: {code.title}\n" in page(code)


def test_explain_code(tmp_path: Path) -> None:
    assert outcome({}, "explain-code td204", tmp_path).out == page(codes()["TD204"])
    assert outcome({}, "explain-code --list", tmp_path).out == index()
    done = outcome({}, "explain-code TD2o4", tmp_path)
    assert (done.code, done.out) == (1, "")
    assert "there is no code `TD2o4`" in done.err
