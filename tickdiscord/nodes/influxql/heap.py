"""The best so many points of a window, as InfluxDB finds them: in a heap whose root is the worst of them."""

from collections.abc import Callable
from functools import cmp_to_key

Worse = Callable[[int, int], bool]
"""Whether the first of two points, given by their places, is worse than the second."""


def best(number: int, count: int, worse: Worse) -> list[int]:
    """The places of the `number` best of `count` points, the best first.

    Which ones of equal points stay, and in which order, follows from how Go keeps a heap and sorts a short list.
    """
    heap: list[int] = []
    for place in range(count):
        if len(heap) < number:
            heap.append(place)
            _up(heap, worse)
        elif worse(heap[0], place):
            heap[0] = place
            _down(heap, worse)
    return sorted(heap, key=cmp_to_key(lambda one, other: worse(one, other) - worse(other, one)))


def _up(heap: list[int], worse: Worse) -> None:
    child = len(heap) - 1
    while child:
        parent = (child - 1) // 2
        if not worse(heap[child], heap[parent]):
            return
        heap[child], heap[parent] = heap[parent], heap[child]
        child = parent


def _down(heap: list[int], worse: Worse) -> None:
    parent = 0
    while (child := 2 * parent + 1) < len(heap):
        if child + 1 < len(heap) and worse(heap[child + 1], heap[child]):
            child += 1
        if not worse(heap[child], heap[parent]):
            return
        heap[child], heap[parent] = heap[parent], heap[child]
        parent = child
