"""A webhook's URL is posted to and never shown; the cases are in `webhooks.yaml`."""

import copy
import dataclasses
import pickle
from pathlib import Path

import pytest
import yaml

from tickdiscord.diagnostics import Severity
from tickdiscord.outbox.webhook import Secret, Webhook, mask

TLS = Path(__file__).parent / "tls"
CASES = yaml.safe_load(Path(__file__).with_name("webhooks.yaml").read_text())
GOOD = [case for case in CASES if "endpoint" in case]
WRONG = [case for case in CASES if "wrong" in case]
URL = "https://discord.com/api/webhooks/1234567890/abcDEF-token_1?thread_id=5"
IDS = [case["url"] or "empty" for case in CASES]


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_however_it_is_printed_it_is_masked(case):
    secret = Secret(case["url"])
    assert str(secret) == case["shown"]
    assert secret.reveal() == case["url"]
    webhook = Webhook("ops", secret)
    for text in (f"{secret}", f"{secret!r}", f"{webhook}", f"{dataclasses.asdict(webhook)}", f"{copy.copy(secret)}"):
        assert case["shown"] in text
        assert not case["url"] or case["url"] not in text


def test_a_secret_is_a_value():
    assert Secret(URL) == Secret(URL)
    assert {Secret(URL): 1}[Secret(URL)] == 1
    assert Secret(URL) != Secret(URL + "6")
    assert Secret(URL) != URL
    assert pickle.loads(pickle.dumps(Secret(URL))) == Secret(URL)


@pytest.mark.parametrize("case", GOOD, ids=[case["url"] for case in GOOD])
def test_a_good_one(case):
    webhook = Webhook("ops", Secret(case["url"]))
    assert webhook.endpoint() == case["endpoint"]
    assert webhook.problems() == []


@pytest.mark.parametrize(
    "case", [case for case in CASES if "wrong" in case], ids=[c["url"] for c in CASES if "wrong" in c]
)
def test_a_wrong_one(case):
    (problem,) = Webhook("ops", Secret(case["url"])).problems()
    assert problem.code == "TD560"
    assert case["wrong"] in problem.message
    assert "workspace `ops`" in problem.message
    assert "abc" not in str(problem)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"cannot post to {URL}: refused", "cannot post to …/webhooks/123…/****: refused"),
        (f"{URL}&wait=true failed", "…/webhooks/123…/****&wait=true failed"),
        ("no route to /api/webhooks/1234567890/abcDEF-token_1", "no route to …/webhooks/123…/****"),
        ("POST /api/webhooks/1234567890/abcDEF-token_1?thread_id=5 HTTP/1.1", "POST …/webhooks/123…/**** HTTP/1.1"),
        ("token abcDEF-token_1, said the server", "token ****, said the server"),
        ("xabcDEF-token_1 is another word", "xabcDEF-token_1 is another word"),
        ("nothing in it", "nothing in it"),
    ],
)
def test_mask(text, shown):
    assert mask(text, [Secret(URL)]) == shown


@pytest.mark.parametrize(
    ("url", "text", "shown"),
    [
        ("https://u5er:passw0rd@example.com/hook", "u5er with passw0rd", "**** with ****"),
        ("http://example.com/", "http://example.com/ is a / path", "…/**** is a / path"),
        ("http://example.com/api/webhooks/1/a", "a word, /api/webhooks/1/a", "a word, …/webhooks/1…/****"),
        ("http://[1", "http://[1 is no URL", "…/**** is no URL"),
        ("", "nothing", "nothing"),
    ],
)
def test_mask_of_other_urls(url, text, shown):
    assert mask(text, [Secret(url)]) == shown


@pytest.mark.parametrize(
    "files",
    [
        {"ca": TLS / "nowhere.pem"},
        {"ca": TLS / "server.key"},
        {"cert": TLS / "server.pem", "key": TLS / "nowhere.key"},
        {"cert": TLS / "server.pem", "key": TLS / "locked.key"},
        {"key": TLS / "server.key"},
    ],
    ids=["no ca", "no certificate in it", "no key", "a passphrase", "a key alone"],
)
def test_tls_files_that_cannot_be_used(files):
    (problem,) = Webhook("ops", Secret(URL), **files).problems()
    assert problem.code == "TD561"
    assert all(str(file) in problem.message for file in files.values())


def test_tls_files_that_can():
    webhook = Webhook("ops", Secret(URL), ca=TLS / "server.pem", cert=TLS / "server.pem", key=TLS / "server.key")
    assert webhook.problems() == []


def test_not_verifying_is_warned_of():
    (problem,) = Webhook("", Secret(URL), insecure_skip_verify=True).problems()
    assert (problem.code, problem.severity) == ("TD562", Severity.WARNING)
    assert problem.message.startswith("the workspace without a name posts without verifying")
