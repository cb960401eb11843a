"""The manual's pages: a code for a terminal, all of them for the documentation."""

import textwrap

from tickdiscord.manual.codes import Code, Example, codes, subjects

WIDTH = 100

HEAD = """\
# Diagnostics

Everything that tickdiscord complains about has a code that never changes its meaning. `tickdiscord explain-code TD204`
shows what stands here. A warning is switched off by a comment above the line, `// tickdiscord: ignore TD710`, or by
`tickdiscord check --ignore TD710`; an error is not.

The examples are files; where several belong together, each has its name above it, and the command is shown. This page
is made by `scripts/docs` out of `tickdiscord/manual/catalogue/` and the docstrings of `tickdiscord/lint/rules/`.
"""


def index() -> str:
    """All codes with their titles, a line each."""
    return "".join(f"{each.code}  {each.title}\n" for each in codes().values())


def page(code: Code) -> str:
    """What is said of a code on a terminal."""
    parts = [f"{code.code}: {code.title}", *_paragraphs(code.meaning)]
    for word, example in (("Wrong", code.wrong), ("Right", code.right)):
        if example.words:
            parts.append(f"{word}: {example.words}")
        else:
            parts.append("\n\n".join(f"{word}{label}:\n\n{text}" for label, text in _blocks(example)))
    return "\n\n".join(part.rstrip("\n") for part in parts) + "\n"


def markdown() -> str:
    """The page of the documentation."""
    parts = [HEAD]
    for subject, heading in subjects().items():
        parts.append(f"\n## {heading}\n")
        parts += [_section(each) for each in codes().values() if each.subject == subject]
    return "".join(parts)


def _section(code: Code) -> str:
    parts = [f"\n### {code.code}: {code.title}", code.meaning]
    for word, example in (("Wrong", code.wrong), ("Right", code.right)):
        if example.words:
            parts.append(f"{word}: {example.words}.")
            continue
        for label, text in _blocks(example, marks="`"):
            parts.append(f"{word}{label}:\n\n```\n{text.rstrip()}\n```")
    return "\n" + "\n\n".join(part.strip("\n") for part in parts if part) + "\n"


def _blocks(example: Example, marks: str = "") -> list[tuple[str, str]]:
    """The texts of an example, each with what is said of it: its name, unless it is a script alone."""
    alone = len(example.files) == 1 and example.command.startswith("check ") and "--" not in example.command
    blocks = [("" if alone else f", {marks}{name}{marks}", text) for name, text in example.files.items()]
    return blocks if alone else [*blocks, ("", f"tickdiscord {example.command}\n")]


def _paragraphs(text: str) -> list[str]:
    return [textwrap.fill(" ".join(each.split()), WIDTH) for each in text.split("\n\n") if each.strip()]
