"""Go templates: what alerts say, and how."""

from tickdiscord.templates.branches import Branch, Seen
from tickdiscord.templates.data import (
    NIL_FIELDS,
    NIL_TAGS,
    NO_SERVER,
    AggregateData,
    AlertData,
    DetailsData,
    IdData,
    MappedRow,
    MessageData,
    Row,
    ServerInfo,
    TemplateData,
    TitleData,
)
from tickdiscord.templates.failure import TemplateError
from tickdiscord.templates.template import Kind, Template, compile_template

__all__ = [
    "NIL_FIELDS",
    "NIL_TAGS",
    "NO_SERVER",
    "AggregateData",
    "AlertData",
    "Branch",
    "DetailsData",
    "IdData",
    "Kind",
    "MappedRow",
    "MessageData",
    "Row",
    "Seen",
    "ServerInfo",
    "Template",
    "TemplateData",
    "TemplateError",
    "TitleData",
    "compile_template",
]
