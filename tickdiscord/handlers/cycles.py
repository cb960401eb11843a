"""Topics that hand events on to one another in a circle: an event would never come to rest there."""

from collections.abc import Iterable, Mapping, Sequence


def circle(onward: Mapping[str, Iterable[str]]) -> Sequence[str]:
    """A circle among topics, its first topic once more at its end; empty if there is none.

    `onward` are the topics that each topic's handlers hand events on to.
    """
    settled: set[str] = set()
    for start in onward:
        path: list[str] = []
        ahead = [iter((start,))]
        while ahead:
            topic = next(ahead[-1], None)
            if topic is None:
                ahead.pop()
                if path:
                    settled.add(path.pop())
            elif topic in path:
                return [*path[path.index(topic) :], topic]
            elif topic not in settled:
                path.append(topic)
                ahead.append(iter(onward.get(topic, ())))
    return ()
