"""A mention in a text that goes to Discord: it pings nobody.

The message stands in an embed, and Discord pings only those who are mentioned outside of embeds; besides, every
message says that nobody is to be pinged. The mention is mere text.

Bad::

    stream|from().measurement('cpu')|alert()
        .crit(lambda: "usage" > 80)
        .stateChangesOnly()
        .message('@everyone {{ .ID }} is {{ .Level }}')
        .discord()

Good::

    stream|from().measurement('cpu')|alert()
        .crit(lambda: "usage" > 80)
        .stateChangesOnly()
        .message('Look: {{ .ID }} is {{ .Level }}')
        .discord()
"""

import re
from collections.abc import Iterator

from tickdiscord.diagnostics import Diagnostic, Span
from tickdiscord.lint.script import Script, posts
from tickdiscord.lint.texts import texts
from tickdiscord.templates import Kind

CODE = "TD719"

_MENTION = re.compile(r"@(?:everyone|here)\b|<@[!&]?\d+>")


def check(script: Script) -> Iterator[Diagnostic]:
    for alert in filter(posts, script.alerts):
        for text in texts(alert, script):
            if text.kind not in (Kind.MESSAGE, Kind.TITLE):
                continue
            for found in _MENTION.finditer(text.literal.text):
                message = f"`{found[0]}` pings nobody: it stands in an embed"
                hint = "let people follow the channel, or set its notifications in Discord"
                yield text.warning(CODE, message, Span(*found.span()), hint)
