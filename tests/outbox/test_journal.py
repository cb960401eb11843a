"""The outbox as a journal: what is put in stays, in order, once, in the state it came to."""

import sqlite3
import threading
from pathlib import Path

import pytest

from tickdiscord.diagnostics import DiagnosticError
from tickdiscord.outbox.journal import Counts, Outbox, Queue
from tickdiscord.outbox.request import Entry, Key, Request

OPS, DEV = Queue("discord", "ops"), Queue("discord", "dev")


def bodies(outbox: Outbox, queue: Queue) -> list[str]:
    return [letter.body for letter in outbox.pending(queue, 100)]


@pytest.mark.parametrize("on_disk", [True, False], ids=["file", "memory"])
def test_requests_wait_in_the_order_they_came_by_queue(on_disk, path, entry):
    with Outbox(path if on_disk else None) as outbox:
        assert outbox.put([entry(1), entry(2, "dev"), entry(3)]) == 3
        assert outbox.put([entry(4)]) == 1
        assert bodies(outbox, OPS) == ['{"content":"message 1"}', '{"content":"message 3"}', '{"content":"message 4"}']
        assert bodies(outbox, DEV) == ['{"content":"message 2"}']
        assert [letter.event_id for letter in outbox.pending(OPS)] == ["cpu:host=1"]


def test_another_kind_with_the_same_target_is_another_queue(outbox, entry):
    key = Key("run", "task", "alert2", 1, 1)
    outbox.put([entry(1), Entry(key, "id", Request("post", "ops", {"a": 1}))])
    assert bodies(outbox, OPS) == ['{"content":"message 1"}']
    assert bodies(outbox, Queue("post", "ops")) == ['{"a":1}']


def test_a_key_that_is_known_is_the_same_request(outbox, entry):
    assert outbox.put([entry(1), entry(2)]) == 2
    assert outbox.put([entry(1, content="other text"), entry(2), entry(3)]) == 1
    assert len(bodies(outbox, OPS)) == 3
    assert bodies(outbox, OPS)[0] == '{"content":"message 1"}'


@pytest.mark.parametrize("part", ["lineage", "task", "node", "handler", "sequence"])
def test_every_part_of_the_key_counts(outbox, part):
    parts = {"lineage": "l", "task": "t", "node": "n", "handler": 0, "sequence": 1}
    other = parts | {part: 7 if part in ("handler", "sequence") else "other"}
    request = Request("discord", "ops", {})
    assert outbox.put([Entry(Key(**parts), "id", request), Entry(Key(**other), "id", request)]) == 2


def test_nothing_to_put_is_nothing_put(outbox):
    assert outbox.put([]) == 0


def test_states_and_counts(outbox, entry):
    outbox.put([entry(n) for n in range(1, 5)] + [entry(5, "dev")])
    first, second, third, _ = outbox.pending(OPS, 10)
    outbox.delivered(first.id)
    outbox.dead(second.id, "HTTP 400")
    outbox.retry(third.id, 2_000_000_000, "HTTP 429", counted=False)
    outbox.retry(third.id, 0, "HTTP 500")
    assert outbox.counts() == {OPS: Counts(2, 1, 1), DEV: Counts(1, 0, 0)}
    assert outbox.waiting() == {OPS: 2, DEV: 1}
    head = outbox.pending(OPS)[0]
    assert (head.id, head.attempts, head.not_before, head.reason) == (third.id, 1, 0, "HTTP 500")


def test_what_is_left_is_there_when_it_is_opened_again(path, entry):
    with Outbox(path) as outbox:
        outbox.put([entry(1), entry(2), entry(3)])
        outbox.delivered(outbox.pending(OPS)[0].id)
        outbox.retry(outbox.pending(OPS)[0].id, 5, "busy")
    with Outbox(path) as outbox:
        assert outbox.put([entry(1), entry(2), entry(4)]) == 1
        head, *rest = outbox.pending(OPS, 10)
        assert (head.key, head.not_before, head.reason) == (Key("run", "task", "alert2", 0, 2), 5, "busy")
        assert [letter.key.sequence for letter in rest] == [3, 4]


def test_delivered_requests_are_bounded_and_still_known(path, entry):
    with Outbox(path, kept=20) as outbox:
        outbox.put([entry(n) for n in range(1, 101)])
        for letter in outbox.pending(OPS, 90):
            outbox.delivered(letter.id)
        assert outbox.counts() == {OPS: Counts(10, 20, 0)}
    with Outbox(path) as outbox:
        assert outbox.put([entry(n) for n in range(1, 103)]) == 2
        assert outbox.put([entry(1, lineage="another run")]) == 1


def test_half_a_surrogate_pair_is_kept_as_the_replacement_character(outbox):
    outbox.put([Entry(Key("l", "t\udc80", "n", 0, 1), "\ud83d", Request("discord", "ops", {"content": "a\udcffb😀"}))])
    letter = outbox.pending(OPS)[0]
    assert (letter.body, letter.event_id, letter.key.task) == ('{"content":"a�b😀"}', "�", "t�")


def test_any_thread_may_put_and_take(outbox, entry):
    def put(first: int) -> None:
        for n in range(first, first + 50):
            outbox.put([entry(n)])

    threads = [threading.Thread(target=put, args=(start,)) for start in (0, 100, 200)]
    for thread in threads:
        thread.start()
    delivered = 0
    while delivered < 150:
        for letter in outbox.pending(OPS, 10):
            outbox.delivered(letter.id)
            delivered += 1
    for thread in threads:
        thread.join()
    assert outbox.counts() == {OPS: Counts(0, 150, 0)}


def test_a_batch_is_taken_whole_or_not_at_all(outbox, entry):
    broken = Entry(Key("l", "t", "n", 2**70, 1), "id", Request("discord", "ops", {}))
    with pytest.raises(OverflowError):
        outbox.put([entry(1), broken])
    assert outbox.put([entry(1)]) == 1


def test_others_may_look_while_it_is_in_use(outbox, path, entry):
    outbox.put([entry(1)])
    reader = sqlite3.connect(path)
    columns = [row[1] for row in reader.execute("PRAGMA table_info(request)")]
    rows = reader.execute("SELECT workspace, body, state FROM request").fetchall()
    reader.close()
    assert " ".join(columns) == (
        "id lineage task node handler sequence event_id kind workspace body attempts not_before state reason"
    )
    assert rows == [("ops", '{"content":"message 1"}', "pending")]


def test_after_closing_it_says_so(path: Path, entry):
    outbox = Outbox(path)
    outbox.close()
    outbox.close()
    with pytest.raises(DiagnosticError) as caught:
        outbox.put([entry(1)])
    assert [d.code for d in caught.value.diagnostics] == ["TD557"]
