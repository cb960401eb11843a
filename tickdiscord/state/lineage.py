"""What the keys of requests begin with: what tells whether a request is an earlier one, made of the same points again.

A lineage is a random text that is made with the state file, and behind it the number of a stretch. Within a stretch
the same points make the same requests, so that those a killed run has made already are known. What may make other
requests begins a new stretch: input that does not go on where the state left off, or rules that are not the same.
"""

import hashlib
from collections.abc import Mapping, Sequence

from tickdiscord.handlers.subscription import Subscription
from tickdiscord.nodes.alert import Alert
from tickdiscord.pipeline.pipeline import Pipeline
from tickdiscord.runtime.fingerprints import declaration, fingerprints

LINEAGE = "lineage"
STRETCH = "stretch"
MAKING = "making"
SOURCE = "source"


def making(pipelines: Sequence[Pipeline], subscriptions: Sequence[Subscription], others: Sequence[object]) -> str:
    """A digest of everything but the points that decides which requests are made; `others` are shown by `repr`."""
    texts = [repr(each) for each in others]
    for pipeline in pipelines:
        for node, fingerprint in fingerprints(pipeline).items():
            handlers = node.handlers if isinstance(node, Alert) else ()
            texts += [pipeline.task, node.name, fingerprint, *map(declaration, handlers)]
    for each in subscriptions:
        condition = each.condition and each.condition.expression
        texts += [each.topic, each.id, declaration(each.handler), str(condition)]
    return hashlib.sha256("\0".join(texts).encode("utf-8", "surrogatepass")).hexdigest()


def next_stretch(meta: Mapping[str, str], made: str, source: str, *, again: bool, fresh: str) -> Mapping[str, str]:
    """What is kept of a run that begins now: the same stretch if it makes the same requests again, else the next.

    `again` says that points which an earlier run may have seen come again; `fresh` is a new lineage, for a new file.
    """
    same = again and (meta.get(MAKING), meta.get(SOURCE)) == (made, source)
    stretch = int(meta.get(STRETCH, "0")) + (not same)
    return {LINEAGE: meta.get(LINEAGE, fresh), STRETCH: str(stretch), MAKING: made, SOURCE: source}


def lineage(meta: Mapping[str, str]) -> str:
    """What keys begin with."""
    return f"{meta[LINEAGE]}.{meta[STRETCH]}"
