"""Writes the points of `|influxDBOut()` to an InfluxDB: 1.x, or 2.x, which takes the same requests with a token."""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import unquote, urlsplit

from tickdiscord.outbox.answers import Again, Dead, Delivered, SwitchOff, Verdict, seconds
from tickdiscord.outbox.journal import Queue
from tickdiscord.outbox.post import LOOPBACK, PROJECT, TIMEOUT_S, read_within
from tickdiscord.outbox.webhook import HIDDEN

if TYPE_CHECKING:
    import httpx

KIND = "influxDBOut"
TOKEN = "INFLUX_TOKEN"
"""The variable of the environment that InfluxDB's own command line takes a token from."""
MOST_SHOWN = 300
REFUSED = frozenset({401, 403})
BUSY = frozenset({408, 425, 429})


@dataclass(frozen=True, slots=True)
class InfluxDB:
    """An InfluxDB. `url` is what stands before `/write`; user, password and token are secret."""

    url: str
    user: str = ""
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)

    @classmethod
    def at(cls, address: str, environment: Mapping[str, str]) -> "InfluxDB":
        """The InfluxDB of a URL such as `http://user:password@localhost:8086`; `http://:token@…` gives a token.

        A URL without either leaves the word to INFLUX_TOKEN of the environment.

        Raises:
            ValueError: it is no such URL; the message quotes nothing of it.
        """
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
            raise ValueError("an InfluxDB is named like http://localhost:8086, without `?` and `#`")
        if parts.port == 0:
            raise ValueError("a port is a number from 1 to 65535")
        server = parts.netloc.rpartition("@")[2]
        url = f"{parts.scheme}://{server}{parts.path.rstrip('/')}"
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        if user:
            return cls(url, user, password)
        return cls(url, token=password or environment.get(TOKEN, "").strip())

    @property
    def queue(self) -> Queue:
        return Queue(KIND, self.url)

    @property
    def shown(self) -> str:
        return f"the InfluxDB `{self.url}`"

    @property
    def cure(self) -> str:
        return f"correct the URL, the password or {TOKEN}"

    def host(self) -> str:
        return ""

    def hide(self, text: str) -> str:
        for secret in (self.password, self.token):
            text = text.replace(secret, HIDDEN) if secret else text
        return text

    def performer(self) -> "PointWriter":
        return PointWriter(self)


class PointWriter:
    """Keeps a connection to one InfluxDB."""

    def __init__(self, influxdb: InfluxDB) -> None:
        self._influxdb = influxdb
        self._client: httpx.Client | None = None
        self._created: set[tuple[str, str]] = set()

    def carry_out(self, body: str) -> Verdict:
        """Write the points of a request, into a database that is made first if the rule says so."""
        import httpx

        request: Mapping[str, Any] = json.loads(body)
        try:
            client = self._client or self._open()
            made = self._create(client, request)
            return self._write(client, request) if isinstance(made, Delivered) else made
        except httpx.TimeoutException:
            return Again(f"no answer within {TIMEOUT_S:g} s (the points may have arrived)")
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as problem:
            return Again(self._influxdb.hide(f"{type(problem).__name__}: {problem}"))

    def close(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None

    def _open(self) -> "httpx.Client":
        import httpx

        influxdb = self._influxdb
        # Databases have names that are nobody's business in a log of requests.
        logging.getLogger("httpx").addFilter(lambda record: influxdb.url not in record.getMessage())
        self._client = httpx.Client(
            headers={
                "User-Agent": f"tickdiscord ({PROJECT})",
                **({"Authorization": f"Token {influxdb.token}"} if influxdb.token else {}),
            },
            auth=(influxdb.user, influxdb.password) if influxdb.user else None,
            timeout=TIMEOUT_S,
            follow_redirects=False,
            trust_env=(urlsplit(influxdb.url).hostname or "") not in LOOPBACK,
        )
        return self._client

    def _create(self, client: "httpx.Client", request: Mapping[str, Any]) -> Verdict:
        """Kapacitor: `InfluxDBOutNode.runOut`, once; a database that is there stays as it is."""
        place = str(request["database"]), str(request["retentionPolicy"])
        if not request["create"] or place in self._created:
            return Delivered()
        policy = f" WITH NAME {quoted(place[1])}" if place[1] else ""
        params = {"q": f"CREATE DATABASE {quoted(place[0])}{policy}"}
        answer = self._asked(client, "query", params, b"")
        if isinstance(answer, Delivered):
            self._created.add(place)
        return answer

    def _write(self, client: "httpx.Client", request: Mapping[str, Any]) -> Verdict:
        params = {
            "db": str(request["database"]),
            "rp": str(request["retentionPolicy"]),
            "consistency": str(request.get("consistency", "")),
            "precision": "ns",
        }
        lines = str(request["lines"]).encode("utf-8", "replace")
        return self._asked(client, "write", {name: said for name, said in params.items() if said}, lines)

    def _asked(self, client: "httpx.Client", path: str, params: Mapping[str, str], content: bytes) -> Verdict:
        url = f"{self._influxdb.url}/{path}"
        with client.stream("POST", url, params=dict(params), content=content) as response:
            return self._verdict(response)

    def _verdict(self, response: "httpx.Response") -> Verdict:
        status, said = response.status_code, read_within(response)
        reason = self._influxdb.hide(f"HTTP {status}{_error(said)}")
        after_s = seconds(response.headers.get("retry-after"))
        match status:
            case _ if 200 <= status < 300:
                return Delivered()
            case _ if status in REFUSED:
                return SwitchOff(f"it does not accept the password or token ({reason})")
            case _ if status in BUSY:
                return Again(reason, after_s, counted=after_s is None)
            case _ if status >= 500:
                return Again(reason, after_s)
            case _ if 300 <= status < 400:
                return SwitchOff(f"the server redirects to another address ({reason})")
            case _:
                return Dead(reason)


def quoted(name: str) -> str:
    """A name as an identifier of InfluxQL, on one line whatever is in it."""
    escaped = name.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _error(said: bytes) -> str:
    """InfluxDB's reason: `{"error": …}` of 1.x, `{"message": …}` of 2.x, or whatever else it said."""
    text = said.decode("utf-8", "replace")
    try:
        answer: object = json.loads(text)
        if isinstance(answer, dict):
            named = cast("dict[str, object]", answer)
            text = str(named.get("error") or named.get("message") or "")
    except (ValueError, RecursionError):
        pass
    line = "".join(each if each.isprintable() else " " for each in " ".join(text.split()))[:MOST_SHOWN]
    return f": {line}" if line else ""
