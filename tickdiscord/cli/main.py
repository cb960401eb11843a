"""The command `tickdiscord`: finds the command that is meant, and turns every mistake into a message."""

import os
import sys
from collections.abc import Mapping

import click

from tickdiscord.cli import exits
from tickdiscord.cli.lazy import LazyGroup
from tickdiscord.cli.terminal import Terminal
from tickdiscord.diagnostics import DiagnosticError
from tickdiscord.version import __version__

COMMANDS: Mapping[str, tuple[str, str]] = {
    "run": ("run", "Run rules on points, and send their alerts to Discord."),
    "check": ("check", "Check rules, configuration and handler files."),
    "show": ("show", "Show the pipeline of a rule, and what goes over its edges."),
    "fmt": ("fmt", "Format rules as Kapacitor does."),
    "migrate": ("migrate", "Rewrite rules that tell Slack and the like to tell Discord."),
    "vars": ("vars", "List the vars that rules expect."),
    "test": ("test", "Run the tests of rules, offline."),
    "eval": ("eval", "Evaluate an expression of a lambda."),
    "functions": ("functions", "Show the functions of lambdas."),
    "render": ("render", "Show what a template makes of an event."),
    "handlers": ("handlers", "Check handler files."),
    "topics": ("topics", "Show what a state file knows of every alert."),
    "points": ("points", "Validate line protocol, and show it typed."),
    "fake-discord": ("fake_discord", "Run a stand-in for Discord on this machine."),
    "explain-code": ("explain_code", "Say what the code of a diagnostic means, with examples."),
    "completion": ("completion", "Print the completion script of a shell."),
}
"""The modules of the commands, loaded when used, and what they do in one line."""

EXAMPLE = """\b
Examples:
  tickdiscord run cpu.tick --config kapacitor.conf < points.lp
  telegraf --test | tickdiscord run cpu.tick --dry-run
  tickdiscord check rules/ --config kapacitor.conf --handlers handlers/
"""


class Commands(LazyGroup):
    """The commands; a slip in a name is told with the one that is meant."""

    modules = COMMANDS

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS:
            from tickdiscord.diagnostics import did_you_mean

            hint = did_you_mean(args[0], COMMANDS) or f"commands are: {', '.join(COMMANDS)}"
            ctx.fail(f"there is no command `{args[0]}`: {hint}")
        return super().resolve_command(ctx, args)


@click.group(
    cls=Commands,
    epilog=EXAMPLE,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
@click.version_option(__version__)
def tickdiscord() -> None:
    """Run Kapacitor's TICKscript alert rules on line protocol, and send the alerts to Discord."""


def main() -> None:
    """Run a command and exit with its code; no traceback ever reaches a user."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run a command and give its exit code."""
    _speak_utf8()
    try:
        result = tickdiscord.main(arguments, prog_name="tickdiscord", standalone_mode=False)
    except DiagnosticError as problem:
        Terminal(-1).tell_all(problem.diagnostics)
        return exits.WRONG
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    except click.ClickException as problem:
        problem.show()
        return exits.WRONG
    except (click.Abort, KeyboardInterrupt):
        return exits.INTERRUPTED
    except BrokenPipeError:
        _drop_stdout()
        return exits.OK
    except Exception as problem:
        if os.environ.get("TICKDISCORD_TRACEBACK"):
            raise
        Terminal().note(
            f"error[TD999]: a mistake in tickdiscord: {type(problem).__name__}: {problem}\n"
            "  hint: please report it, with what TICKDISCORD_TRACEBACK=1 shows"
        )
        return exits.WRONG
    return result if isinstance(result, int) else exits.OK


def _speak_utf8() -> None:
    """Whatever the locale says, texts can be shown: what it has no character for comes out as a question mark."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")


def _drop_stdout() -> None:
    """Whoever read us has gone: what is still in the buffer must not fail once more at the exit."""
    if sys.stdout is not None:  # pyright: ignore[reportUnnecessaryComparison]  (None when it is closed)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
