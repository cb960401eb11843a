"""How much a run may hold: groups without end are a mistake, to be found before the memory is full."""

import sys
from contextlib import suppress
from pathlib import Path

from tickdiscord.diagnostics import DiagnosticError, error
from tickdiscord.nodes.from_ import From
from tickdiscord.nodes.group_by import GroupBy
from tickdiscord.nodes.node import Node
from tickdiscord.pipeline.pipeline import Pipeline
from tickdiscord.points.model import Group, Groups

TOO_MANY = "TD194"
MEGABYTE = 1_000_000


def too_many(pipeline: Pipeline, groups: Groups, most: int) -> DiagnosticError:
    """The error for a task that has made more groups than it may."""
    last = groups.newest
    node = _maker(pipeline, last)
    held = memory()
    message = (
        f"`{node.name}` has made {len(groups):,} groups, more than the {most:,} of --max-groups; "
        f"the last one is `{last.id.replace(chr(10), ' ')}`{f', {megabytes(held)} are in use' if held else ''}"
    )
    hint = "a tag with another value in every point makes a group of each: leave it out of `groupBy`"
    return error(TOO_MANY, message, node.span, hint, pipeline.source)


def memory() -> int | None:
    """Bytes of memory that the process holds; None where the system does not say."""
    with suppress(OSError, ValueError, IndexError):
        for line in Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024
    with suppress(ImportError):
        import resource

        # The most it ever held, which macOS gives in bytes and the others in KiB.
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return None


def megabytes(held: int) -> str:
    """A number of bytes for people."""
    return f"{held / MEGABYTE:,.0f} MB"


def _maker(pipeline: Pipeline, group: Group) -> Node:
    """The node that makes groups like this one, as far as the script says it."""
    makers = [node for node in pipeline.nodes if isinstance(node, From | GroupBy)]
    for node in makers:
        tags = node.grouping.tags
        if "*" in tags or tuple(sorted({*tags})) == group.dimensions.tag_names:
            return node
    return makers[0] if makers else pipeline.nodes[0]
