"""What must hold for any template and any data, against models that are too simple to be wrong."""

import html
import json
from urllib.parse import parse_qs, urlsplit

from hypothesis import given
from hypothesis import strategies as st
from template_events import details, message

from tickdiscord.diagnostics import DiagnosticError
from tickdiscord.templates import Kind, TemplateError, compile_template

text = st.text(st.characters(exclude_categories=("Cs",)))
int64 = st.integers(-(1 << 63), (1 << 63) - 1)
values = st.one_of(text, st.booleans(), int64, st.floats(allow_nan=False, allow_infinity=False))
fields = st.dictionaries(text, values)

WORDS = st.sampled_from(
    """{{ }} {{- -}} if else end range with define template block break continue . .ID .Fields.value .Tags.host $ $x :=
    = | ( ) eq lt index printf "%v" "x" 1 1.5 nil true , /* */ <a href=" "> <script> </script> ' ` + .Nope
    nope""".split()
)


def render(template: str, **fields: object) -> str:
    return compile_template(template, Kind.MESSAGE).render(message(fields))  # type: ignore[arg-type]


@given(text.filter(lambda t: "{{" not in t))
def test_a_text_without_actions_is_itself(shown: str) -> None:
    assert render(shown) == shown


@given(text)
def test_any_string_is_written_as_it_is(value: str) -> None:
    for template in (
        "{{ .Fields.x }}",
        '{{ index .Fields "x" }}',
        "{{ print .Fields.x }}",
        '{{ .Fields.x | printf "%s" }}',
    ):
        assert render(template, x=value) == value


@given(text)
def test_a_string_in_the_template_is_written_as_it_is(value: str) -> None:
    quoted = json.dumps(value).replace("\\ud", "\\ufffd")  # surrogate pairs are no escapes of Go
    if "\\ufffd" not in quoted and "/" not in quoted:
        assert render(f"{{{{ {quoted} }}}}") == value


@given(int64, st.integers(0, 30), st.sampled_from(["d", "x", "X", "o", "b"]), st.sampled_from(["", "-", "+", "0", " "]))
def test_integers_print_as_python_prints_them(value: int, width: int, verb: str, flag: str) -> None:
    model = {"-": "<", "+": "+", "0": "0", " ": " "}.get(flag, "")
    assert render(f'{{{{ printf "%{flag}{width or ""}{verb}" .Fields.x }}}}', x=value) == format(
        value, f"{model}{width or ''}{verb}"
    )


@given(st.floats(allow_nan=False, allow_infinity=False), st.integers(0, 12), st.sampled_from(["f", "e"]))
def test_floats_print_as_python_prints_them(value: float, precision: int, verb: str) -> None:
    assert render(f'{{{{ printf "%.{precision}{verb}" .Fields.x }}}}', x=value) == f"{value:.{precision}{verb}}"


@given(fields)
def test_a_loop_walks_the_fields_in_order(given_fields: dict[str, object]) -> None:
    shown = compile_template("{{ range $k, $v := .Fields }}{{ $k }}\0{{ end }}", Kind.MESSAGE).render(
        message(given_fields)  # type: ignore[arg-type]
    )
    assert shown == "".join(f"{name}\0" for name in sorted(given_fields, key=str.encode))


@given(text, text)
def test_html_says_what_the_value_says(value: str, other: str) -> None:
    shown = compile_template('<b title="{{ .Fields.x }}">{{ .Fields.y }}</b>', Kind.DETAILS).render(
        details({"x": value, "y": other})
    )
    assert html.unescape(shown).replace("\0", "\ufffd") == f'<b title="{value}">{other}</b>'.replace("\0", "\ufffd")
    assert not set(shown.removeprefix('<b title="').removesuffix("</b>").replace('">', "", 1)) & set("<>\"'")


@given(text)
def test_a_value_in_a_query_reads_back(value: str) -> None:
    shown = compile_template('<a href="/x?q={{ .Fields.x }}&z=1">', Kind.DETAILS).render(details({"x": value}))
    url = html.unescape(shown).removeprefix('<a href="').removesuffix('">')
    assert parse_qs(urlsplit(url).query, keep_blank_values=True) == {"q": [value], "z": ["1"]}


@given(fields)
def test_json_reads_back(given_fields: dict[str, object]) -> None:
    shown = compile_template("{{ json .Fields }}", Kind.DETAILS).render(details(given_fields))  # type: ignore[arg-type]
    read = json.loads(html.unescape(shown))
    assert {name: type(value)(read[name]) for name, value in given_fields.items()} == given_fields
    assert read.keys() == given_fields.keys()


@given(st.lists(WORDS, max_size=25).map(" ".join), st.booleans())
def test_whatever_stands_in_a_template_it_renders_or_says_why_not(template: str, strict: bool) -> None:
    for kind, data in ((Kind.MESSAGE, message()), (Kind.DETAILS, details())):
        try:
            assert isinstance(compile_template(template, kind, strict=strict).render(data), str)
        except DiagnosticError as problem:
            assert all(d.span is not None and str(d) for d in problem.diagnostics)
        except TemplateError as problem:
            assert problem.message.startswith("template: ") and problem.diagnostic.span is not None


@given(st.lists(WORDS, max_size=12).map(" ".join))
def test_what_is_accepted_strictly_renders_as_without(template: str) -> None:
    try:
        strict = compile_template(template, Kind.MESSAGE)
    except DiagnosticError:
        return
    lenient = compile_template(template, Kind.MESSAGE, strict=False)
    assert outcome(strict) == outcome(lenient)


def outcome(template: object) -> str:
    try:
        return template.render(message())  # type: ignore[attr-defined]
    except TemplateError as problem:
        return problem.message
