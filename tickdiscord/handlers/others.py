"""The services that Kapacitor sends to and tickdiscord does not: their names, properties and options, as a table.

A rule or handler file that names them loads and is checked. What is done in place of sending is up to the user.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, cast

from tickdiscord.alert.event import Published
from tickdiscord.diagnostics import Diagnostic
from tickdiscord.handlers.discord import Discord
from tickdiscord.handlers.handler import NOTHING, Binding, Bound, Handler, Reaction
from tickdiscord.outbox.request import Request
from tickdiscord.properties import (
    BOOL,
    DURATION,
    INTEGER,
    LITERAL,
    STRING,
    argument,
    arguments,
    flag,
    listed,
    properties_of,
    repeated,
    value,
)

WRONG = "TD531"
INSTEAD = "instead"
"""The kind of request that says what would have been sent."""

SNMP_TYPES = ("c", "i", "n", "s", "t")


@dataclass(eq=False)
class Other(Handler):
    """The base of the handlers of such services."""

    service: ClassVar[str] = ""
    """What it is called by people."""

    def problems(self) -> Sequence[Diagnostic]:
        """What Kapacitor refuses beyond names and types: too many arguments, unknown types of SNMP data."""
        found: list[Diagnostic] = []
        for name, keys in self.items.items():
            place = self.said.get(name, self.span)
            for call in cast("tuple[tuple[str, ...], ...]", getattr(self, properties_of(type(self))[name].attribute)):
                if len(call) > len(keys):
                    message = f"`.{name}()` wants at most {len(keys)} arguments, got {len(call)}"
                    found.append(Diagnostic(WRONG, message, place))
                elif "type" in keys and call[keys.index("type")] not in SNMP_TYPES:
                    message = f"the type of SNMP data is one of {', '.join(SNMP_TYPES)}"
                    found.append(Diagnostic(WRONG, message, place))
        return found

    def bind(self, binding: Binding) -> Bound:
        instead = binding.instead
        if instead is None or instead.way == "ignore":
            return Nothing()
        if instead.way == "log":
            return Told(self.kind)
        discord = Discord(workspace=instead.workspace)
        discord.span = self.span
        return discord.bind(binding)


class Nothing:
    """Sends nothing."""

    def react(self, published: Published) -> Reaction:
        return NOTHING


@dataclass(frozen=True, slots=True)
class Told:
    """Says what would have been sent."""

    kind: str

    def react(self, published: Published) -> Reaction:
        state = published.event.state
        line = f"{self.kind} would have got: {state.level} {state.id}: {state.message}"
        return Reaction((Request(INSTEAD, self.kind, {"line": line}),))


def _text(doc: str, *, name: str = "") -> Any:
    return value(STRING, "", doc, name=name)


def _pairs(doc: str) -> Any:
    return repeated(STRING, LITERAL, doc=doc)


@dataclass(frozen=True, slots=True)
class Service:
    """A service: what people call it, its properties by attribute, and what is special in handler files.

    `options` are the names of options, by property, where they are not the property's words joined by `-`; an empty one
    is no option. A property with a `-` in its name is an option only.
    """

    name: str
    properties: Mapping[str, Any]
    options: Mapping[str, str] = dataclasses.field(default_factory=dict[str, str])
    items: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict[str, tuple[str, ...]])
    in_files: str = ""


SERVICES: Mapping[str, Service] = {
    "alerta": Service(
        "Alerta",
        {
            "token": _text("The token of the API."),
            "token_prefix": _text("What stands before the token.", name="token-prefix"),
            "resource": _text("Template of the resource."),
            "event": _text("Template of the event."),
            "environment": _text("Template of the environment."),
            "group": _text("Template of the group."),
            "value": _text("Template of the value."),
            "origin": _text("The origin."),
            "services": listed(STRING, "Templates of the services."),
            "correlated": listed(STRING, "Templates of the events that belong together."),
            "attribute": _pairs("An attribute: its name and value."),
            "timeout": value(DURATION, 0, "How long the alert stays open."),
        },
        options={"services": "service", "correlated": "correlate", "attribute": "attributes"},
    ),
    "bigPanda": Service(
        "BigPanda",
        {
            "app_key": _text("The key of the application."),
            "url": _text("The URL.", name="-url"),
            "host": _text("The host."),
            "primary_property": _text("The primary property."),
            "secondary_property": _text("The secondary property."),
            "attribute": _pairs("An attribute: its name and value."),
        },
        options={"-url": "url", "attribute": "attributes"},
    ),
    "email": Service(
        "e-mail",
        {
            "addresses": arguments(STRING, "Who gets it."),
            "to": repeated(rest=STRING, doc="Who gets it as well."),
            "to_templates": repeated(rest=STRING, doc="Templates of who gets it as well."),
        },
        options={"addresses": "", "toTemplates": "to-field"},
        in_files="smtp",
    ),
    "hipChat": Service("HipChat", {"room": _text("The room."), "token": _text("The token of the room.")}),
    "kafka": Service(
        "Kafka",
        {
            "cluster": _text("The cluster, as configured."),
            "kafka_topic": _text("The topic."),
            "disable_partition_by_id": flag("Do not choose the partition by the alert's id."),
            "partition_hash_algorithm": _text("How the partition is chosen: crc32, murmur2 or fnv-1a."),
            "template": _text("Template of the message."),
        },
        options={
            "kafkaTopic": "topic",
            "disablePartitionById": "disablePartitionById",
            "partitionHashAlgorithm": "partitionAlgorithm",
        },
    ),
    "mqtt": Service(
        "MQTT",
        {
            "topic": argument(STRING, "The topic."),
            "broker_name": _text("The broker, as configured; the default one if empty."),
            "qos": value(INTEGER, 0, "The quality of service: 0, 1 or 2."),
            "retained": value(BOOL, False, "Whether the broker keeps the message."),
            "topic_template": _text("Template of the topic.", name="topic-template"),
        },
    ),
    "opsGenie": Service(
        "OpsGenie",
        {"teams": listed(STRING, "The teams."), "recipients": listed(STRING, "The recipients.")},
        options={"teams": "teams-list", "recipients": "recipients-list"},
    ),
    "opsGenie2": Service(
        "OpsGenie",
        {
            "teams": listed(STRING, "The teams."),
            "recipients": listed(STRING, "The recipients."),
            "recovery_action": _text("What a recovery does."),
            "details": flag("Send the details, not the whole event."),
        },
        options={
            "teams": "teams-list",
            "recipients": "recipients-list",
            "recoveryAction": "recovery_action",
            "details": "",
        },
    ),
    "pagerDuty": Service("PagerDuty", {"service_key": _text("The key of the service.")}),
    "pagerDuty2": Service(
        "PagerDuty",
        {
            "routing_key": _text("The routing key."),
            "service_key": _text("The routing key, by its old name."),
            "link": repeated(STRING, rest=STRING, doc="A link: its template, and that of its text."),
        },
        options={"link": "links", "serviceKey": ""},
        items={"link": ("href", "text")},
    ),
    "pushover": Service(
        "Pushover",
        {
            "user_key": _text("The user or group."),
            "device": _text("The device."),
            "title": _text("The title."),
            "url": _text("A URL.", name="uRL"),
            "url_title": _text("The title of the URL.", name="uRLTitle"),
            "sound": _text("The sound."),
        },
        options={"uRL": "url", "uRLTitle": "url-title"},
    ),
    "sensu": Service(
        "Sensu",
        {
            "source": _text("Template of the source."),
            "handlers": listed(STRING, "The handlers of Sensu."),
            "metadata": _pairs("A piece of metadata: its name and value."),
        },
    ),
    "serviceNow": Service(
        "ServiceNow",
        {
            "url": _text("The URL.", name="uRL"),
            "username": _text("The user."),
            "password": _text("The password."),
            "source": _text("The source."),
            "node": _text("Template of the node."),
            "type": _text("Template of the type."),
            "resource": _text("Template of the resource."),
            "metric_name": _text("Template of the metric's name."),
            "message_key": _text("Template of the message key."),
            "additional_info": _pairs("More information: its name and value."),
        },
        options={
            "uRL": "url",
            "metricName": "metricName",
            "messageKey": "messageKey",
            "additionalInfo": "additional_info",
        },
    ),
    "slack": Service(
        "Slack",
        {
            "workspace": _text("The workspace, as configured."),
            "channel": _text("The channel."),
            "username": _text("The name that the message is from."),
            "icon_emoji": _text("The emoji beside the message."),
        },
    ),
    "snmpTrap": Service(
        "SNMP traps",
        {
            "trap_oid": argument(STRING, "The OID of the trap.", check=lambda oid: "" if oid else "wants an OID"),
            "data": repeated(STRING, STRING, STRING, doc="Data: OID, type and template of the value."),
        },
        options={"data": "data-list"},
        items={"data": ("oid", "type", "value")},
    ),
    "talk": Service("Talk", {}),
    "teams": Service(
        "Microsoft Teams",
        {"channel_url": _text("The URL of the channel.", name="channelURL")},
        {"channelURL": "channel-url"},
    ),
    "telegram": Service(
        "Telegram",
        {
            "chat_id": _text("The chat."),
            "parse_mode": _text("Markdown or HTML."),
            "disable_web_page_preview": flag("Show no preview of links."),
            "disable_notification": flag("Notify nobody."),
        },
    ),
    "victorOps": Service("VictorOps", {"routing_key": _text("The routing key.")}),
    "zenoss": Service(
        "Zenoss",
        {
            "url": _text("The URL.", name="uRL"),
            "username": _text("The user."),
            "password": _text("The password."),
            "action": _text("The router."),
            "method": _text("The method of the router."),
            "type": _text("The type of the call."),
            "tid": value(INTEGER, 0, "The number of the call."),
            "collector": _text("Template of the collector."),
            "summary": value(STRING, "{{ .Message }}", "Template of the summary."),
            "device": _text("Template of the device."),
            "component": _text("Template of the component."),
            "event_class_key": _text("Template of the key of the event class."),
            "event_class": _text("Template of the event class."),
            "message": _text("Template of the message."),
            "custom_field": _pairs("A field of one's own: its name and value."),
        },
        options={
            "uRL": "",
            "username": "",
            "password": "",
            "eventClassKey": "eventClassKey",
            "eventClass": "eventClass",
            "customField": "customField",
        },
    ),
}
"""By the name that a script writes."""


def _made(kind: str, service: Service) -> type[Other]:
    """The handler class of a service."""
    fields = [(name, Any, declared) for name, declared in service.properties.items()]
    described = {
        "kind": kind,
        "service": service.name,
        "doc": f"Known from Kapacitor, and not sent: {service.name}.",
        "in_files": service.in_files or kind.lower(),
        "options": service.options,
        "items": service.items,
    }
    name = kind[0].upper() + kind[1:]
    made = dataclasses.make_dataclass(name, fields, bases=(Other,), eq=False, namespace=described, kw_only=True)
    return cast("type[Other]", made)


OTHERS: Mapping[str, type[Other]] = {kind: _made(kind, service) for kind, service in SERVICES.items()}
"""Their handler classes, by the name that a script writes."""
