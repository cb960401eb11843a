"""One webhook's queue, step by step: what is sent when, against a real server, on a clock that the test moves."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tickdiscord.clock import ManualClock
from tickdiscord.diagnostics import Diagnostic, Severity
from tickdiscord.outbox.journal import Counts, Outbox, Queue
from tickdiscord.outbox.lane import Lane, Tally, back_off
from tickdiscord.outbox.post import Poster
from tickdiscord.outbox.webhook import Secret, Webhook
from tickdiscord.testing.discord import CLOSE, Answer, FakeDiscord, parse_script

OPS = Queue("discord", "ops")
SECOND = 1_000_000_000


@dataclass
class Bench:
    """A lane, and all that it is driven by or acts on. Time stands still unless `advance` moves it."""

    outbox: Outbox
    webhook: Webhook
    random: float = 0.0
    now_s: float = 100.0
    clock: ManualClock = field(default_factory=lambda: ManualClock(1_000 * SECOND))
    troubles: list[Diagnostic] = field(default_factory=list)
    held: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.lane = Lane(
            self.webhook,
            self.outbox,
            Poster(self.webhook, timeout_s=5.0),
            clock=self.clock,
            elapsed=lambda: self.now_s,
            random=lambda: self.random,
            report=self.troubles.append,
            hold_others=lambda _, wait_s: self.held.append(wait_s),
        )

    def advance(self, seconds: float) -> None:
        self.now_s += seconds
        self.clock.set(self.clock.now() + round(seconds * SECOND))

    def waits(self, count: int) -> list[float | None]:
        """What so many steps return, each taken when the one before said."""
        found: list[float | None] = []
        for _ in range(count):
            found.append(self.lane.step())
            self.advance(found[-1] or 0.0)
        return found

    def codes(self) -> list[str]:
        return [trouble.code for trouble in self.troubles]


@pytest.fixture
def bench(outbox: Outbox, webhook: Callable[..., Webhook]) -> Iterator[Bench]:
    made = Bench(outbox, webhook())
    yield made
    made.lane.close()


def texts(discord: FakeDiscord) -> list[object]:
    return [message["content"] for message in discord.messages]


def test_one_step_sends_one_request(bench, discord, outbox, entry):
    outbox.put([entry(1), entry(2), entry(3, "dev")])
    assert bench.waits(3) == [0, 0, None]
    assert texts(discord) == ["message 1", "message 2"]
    assert outbox.counts() == {OPS: Counts(0, 2, 0), Queue("discord", "dev"): Counts(1, 0, 0)}
    assert bench.lane.tally == Tally(sent=2)
    assert bench.troubles == []


def test_failures_are_retried_with_growing_waits_and_nothing_overtakes(bench, discord, outbox, entry):
    outbox.put([entry(1), entry(2)])
    discord.answer("ops", *parse_script("500,502,503"), CLOSE, *parse_script("500x3"))
    assert bench.waits(9) == [1, 2, 4, 8, 16, 32, 60, 0, 0]
    assert texts(discord) == ["message 1", "message 2"]
    assert bench.lane.tally == Tally(sent=2, retried=7)
    (trouble,) = bench.troubles
    assert (trouble.code, trouble.severity) == ("TD567", Severity.WARNING)
    assert "workspace `ops`" in trouble.message
    assert "HTTP 500: Internal Server Error" in trouble.message


def test_a_success_ends_the_row_of_failures(bench, discord, outbox, entry):
    outbox.put([entry(1), entry(2)])
    discord.answer("ops", *parse_script("500,500,ok,500"))
    assert bench.waits(6) == [1, 2, 0, 1, 0, None]


def test_before_it_is_due_nothing_is_sent(bench, discord, outbox, entry):
    outbox.put([entry(1)])
    discord.answer("ops", *parse_script("500"))
    assert bench.lane.step() == 1
    bench.advance(0.75)
    assert bench.lane.step() == 0.25
    assert len(discord.received) == 1
    bench.advance(0.25)
    assert bench.lane.step() == 0
    assert texts(discord) == ["message 1"]


@pytest.mark.parametrize(("random", "wait"), [(0.0, 3.0), (0.5, 3.125), (0.96, 3.24)])
def test_a_rate_limit_is_waited_for_and_is_no_attempt(bench, discord, outbox, entry, random, wait):
    bench.random = random
    outbox.put([entry(1)])
    discord.answer("ops", Answer(429, retry_after_s=2.2))
    assert bench.lane.step() == pytest.approx(wait, abs=1e-6)
    (letter,) = outbox.pending(OPS)
    assert (letter.attempts, letter.not_before) == (0, 1_003 * SECOND)
    assert letter.reason == "HTTP 429: You are being rate limited"


def test_waiting_for_rate_limits_does_not_lengthen_the_back_off(bench, discord, outbox, entry):
    outbox.put([entry(1)])
    discord.answer("ops", *parse_script("429:5x4,500,429:3,500"))
    assert bench.waits(8) == [5, 5, 5, 5, 1, 3, 2, 0]
    assert bench.codes() == ["TD567"]


def test_a_rate_limit_that_does_not_say_how_long_is_an_attempt(bench, discord, outbox, entry):
    outbox.put([entry(1)])
    discord.answer("ops", *[Answer(429, body=b"error code: 1015")] * 3)
    assert bench.waits(4) == [1, 2, 4, 0]


def test_a_limit_of_the_address_holds_the_others_up(bench, discord, outbox, entry):
    outbox.put([entry(1)])
    discord.answer("ops", Answer(429, body=b'{"retry_after": 4, "global": true}'))
    assert bench.lane.step() == 4
    assert bench.held == [4]


def test_being_held_up(bench, discord, outbox, entry):
    outbox.put([entry(1)])
    bench.lane.hold(4)
    bench.lane.hold(2)
    assert bench.waits(2) == [4, 0]
    assert texts(discord) == ["message 1"]


def test_what_the_answer_asked_to_wait_outlives_the_run(outbox, webhook, discord, entry):
    outbox.put([entry(1)])
    discord.answer("ops", *parse_script("429:50"))
    first = Bench(outbox, webhook())
    assert first.lane.step() == 50
    second = Bench(outbox, webhook(), clock=ManualClock(1_020 * SECOND))
    assert second.waits(2) == [30, 0]
    assert texts(discord) == ["message 1"]


def test_a_back_off_does_not(outbox, webhook, discord, entry):
    outbox.put([entry(1)])
    discord.answer("ops", *parse_script("500x5"))
    assert Bench(outbox, webhook()).waits(5) == [1, 2, 4, 8, 16]
    assert outbox.pending(OPS)[0].attempts == 5
    assert Bench(outbox, webhook()).waits(1) == [0]


def test_a_wait_from_a_wrong_clock_is_bounded(outbox, webhook, entry):
    outbox.put([entry(1)])
    outbox.retry(outbox.pending(OPS)[0].id, 10**18, "HTTP 429")
    assert Bench(outbox, webhook()).lane.step() == 86_400


def test_what_discord_refuses_is_a_dead_letter_and_the_next_is_sent(bench, discord, outbox, entry):
    outbox.put([entry(1, embeds=[{"title": "x" * 300}]), entry(2)])
    assert bench.waits(3) == [0, 0, None]
    assert texts(discord) == ["message 2"]
    assert outbox.counts() == {OPS: Counts(0, 1, 1)}
    assert bench.lane.tally == Tally(sent=1, dead=1)
    (trouble,) = bench.troubles
    assert (trouble.code, trouble.severity) == ("TD565", Severity.ERROR)
    assert "the alert `cpu:host=1`" in trouble.message
    assert "embeds[0].title: Must be 256 or fewer in length" in trouble.message


@pytest.mark.parametrize("status", [401, 404, 301])
def test_a_webhook_that_is_no_more_is_switched_off_and_keeps_its_queue(bench, discord, outbox, entry, status):
    outbox.put([entry(1), entry(2)])
    discord.answer("ops", Answer(status))
    assert bench.waits(3) == [None, None, None]
    assert len(discord.received) == 1
    assert outbox.waiting() == {OPS: 2}
    assert bench.codes() == ["TD566"]
    assert f"HTTP {status}" in bench.lane.tally.off
    assert outbox.pending(OPS)[0].reason == bench.lane.tally.off


def test_nobody_listens(outbox, entry):
    with FakeDiscord() as gone:
        url = gone.url()
    outbox.put([entry(1)])
    bench = Bench(outbox, Webhook("ops", Secret(url)))
    assert bench.waits(3) == [1, 2, 4]
    assert "Connection refused" in bench.troubles[0].message
    assert url not in str(bench.troubles)


def test_no_answer(outbox, webhook, discord, entry):
    outbox.put([entry(1)])
    discord.answer("ops", *parse_script("hang"))
    bench = Bench(outbox, webhook())
    bench.lane = Lane(
        bench.webhook,
        outbox,
        Poster(bench.webhook, timeout_s=0.2),
        clock=bench.clock,
        elapsed=lambda: bench.now_s,
        random=lambda: 0.0,
        report=bench.troubles.append,
        hold_others=lambda *_: None,
    )
    assert bench.lane.step() == 1
    assert "no answer within 0.2 s (the message may have arrived)" in bench.troubles[0].message


@pytest.mark.parametrize("echo", [True, False], ids=["echoed", "in a redirect"])
def test_an_answer_that_holds_the_url_is_masked(bench, discord, outbox, entry, path: Path, echo):
    url = discord.url("ops")
    token = url.rpartition("/")[2]
    answer = Answer(400, body=f'{{"message": "no {url} with {token}"}}'.encode())
    discord.answer("ops", answer if echo else Answer(301, body=f'{{"message": "moved to {url}"}}'.encode()))
    outbox.put([entry(1)])
    bench.lane.step()
    assert "…/webhooks/" in bench.troubles[0].message
    assert token not in str(bench.troubles)
    assert all(token.encode() not in file.read_bytes() for file in path.parent.iterdir())


@pytest.mark.parametrize(
    ("failures", "random", "wait"),
    [(1, 0, 1), (1, 1, 1.25), (2, 0, 2), (3, 0.5, 4.5), (6, 0, 32), (6, 1, 40), (7, 0, 60), (1000, 1, 60)],
)
def test_back_off(failures, random, wait):
    assert back_off(failures, lambda: random) == wait
