"""Stats, barriers and deadmen against models that go through time second by second."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ticking import Ticking, shown

from tickdiscord.nodes import stats

Point = tuple[str, int]
"""A host, and a time in seconds."""

SOME = settings(max_examples=60)

points = st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 40)), min_size=1, max_size=12)
mostly_sorted = st.one_of(points, points.map(lambda them: sorted(them, key=lambda it: it[1])))
UNTIL = 60


def written(them: Sequence[Point]) -> str:
    return "".join(f"cpu,host={host} v={number}i {time}\n" for number, (host, time) in enumerate(them))


def arrivals(them: Sequence[Point], start: int) -> list[int]:
    """When each point comes: the clock is at the newest time so far."""
    return list(accumulate((time for _, time in them), max, initial=start))[1:]


def counts(them: Sequence[Point], start: int, interval: int, align: bool) -> list[str]:
    """What `|stats()` gives."""
    first = (start // interval + 1) * interval if align else start + interval
    lines: list[str] = []
    for due in range(first, UNTIL + 1, interval):
        seen = Counter(host for (host, _), came in zip(them, arrivals(them, start), strict=True) if came < due)
        time = (2 * start + interval) // (2 * interval) * interval if align and due == first else due
        lines += [f"[host={host}] stats,host={host} emitted={count} {time}" for host, count in seen.items()]
        lines += [] if seen else [f"[] stats emitted=0 {time}"]
    return lines


@SOME
@given(mostly_sorted, st.integers(0, 12), st.integers(1, 15), st.booleans(), st.integers(1, 12))
def test_stats(them: list[Point], start: int, interval: int, align: bool, cut: int) -> None:
    # A log takes note of every count, so that none is left out.
    script = f"stream|from().groupBy('host')|stats({interval}s){'.align()' if align else ''}|log()"
    wanted = counts(them, start, interval, align)
    # A count in Go is aligned to the year 1, which is no multiple of every interval from 1970.
    if not align or 62_135_596_800 % interval == 0:
        assert Ticking([script], written(them), start, UNTIL).run().lines == wanted
    whole = Ticking([script], written(them), start, UNTIL).run().lines
    assert Ticking([script], written(them), start, UNTIL).run(1, cut=cut).lines == whole


@dataclass
class Watch:
    due: int
    last: int
    barred: int = -1


def barred(them: Sequence[Point], every: int, idle: bool, delete: bool) -> list[str]:
    """What `|barrier()` gives."""
    watches: dict[str, Watch] = {}
    lines: list[str] = []
    waiting = list(zip(arrivals(them, 0), enumerate(them), strict=True))
    for now in range(UNTIL + 1):
        for host, watch in list(watches.items()):
            # Who waits for an idle group waits longer than it may be idle: until the points of that second have come.
            if watch.due == (now - 1 if idle else now):
                watch.due += every
                watch.last = watch.barred = watch.last + every if idle else now
                lines.append(f"[host={host}] {'end' if delete else 'barrier'} {watch.barred}")
                if delete:
                    del watches[host]
        while waiting and waiting[0][0] == now:
            _, (number, (host, time)) = waiting.pop(0)
            watch = watches.setdefault(host, Watch(now + every, now))
            if time >= watch.barred:
                lines.append(f"[host={host}] cpu,host={host} v={number} {time}")
                watch.last = time
                if idle:
                    watch.due = now + every
    return lines


@SOME
@given(mostly_sorted, st.integers(1, 15), st.booleans(), st.booleans(), st.integers(1, 12))
def test_barrier(them: list[Point], every: int, idle: bool, delete: bool, cut: int) -> None:
    script = (
        f"stream|from().groupBy('host')|barrier().{'idle' if idle else 'period'}({every}s)"
        f".delete({'TRUE' if delete else 'FALSE'})"
    )
    wanted = barred(them, every, idle, delete)
    assert Ticking([script], written(them), 0, UNTIL).run().lines == wanted
    assert Ticking([script], written(them), 0, UNTIL).run(1, cut=cut).lines == wanted


gaps = st.lists(st.tuples(st.sampled_from("ab"), st.one_of(st.integers(0, 4), st.integers(0, 200))), max_size=8)


@SOME
@given(gaps, st.integers(1, 4), st.integers(0, 2))
def test_the_ticks_left_out_would_have_changed_nothing(steps: list[Point], interval: int, threshold: int) -> None:
    times = accumulate(step for _, step in steps)
    text = written([(host, time) for (host, _), time in zip(steps, times, strict=True)])
    script = f"stream|from().groupBy('host')|deadman({threshold}.0, {interval}s).stateChangesOnly().details('')"
    some = Ticking([script], text, 0, 1000).run()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stats, "repeats", lambda _: False)
        every = Ticking([script], text, 0, 1000).run()
    assert list(map(shown, some.events)) == list(map(shown, every.events))
