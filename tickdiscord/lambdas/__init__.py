"""Lambdas: checked when a script is loaded, compiled to Python, specialised on the types that the data has."""

from tickdiscord.lambdas.check import check, possible_types, static_type
from tickdiscord.lambdas.codegen import Probe
from tickdiscord.lambdas.compiler import Lambda, Watch, compile_lambda, value_of
from tickdiscord.lambdas.environment import Environment
from tickdiscord.lambdas.explain import Explained, Explainer, explain
from tickdiscord.lambdas.failure import Failure
from tickdiscord.lambdas.operands import Column, of_chunk, of_point, operands
from tickdiscord.lambdas.plan import Plan, State
from tickdiscord.lambdas.types import CONFLICT, Conflict, Nanoseconds, Operand, Type
from tickdiscord.lambdas.vocabulary import EVERYWHERE, Vocabulary

__all__ = [
    "CONFLICT",
    "EVERYWHERE",
    "Column",
    "Conflict",
    "Environment",
    "Explained",
    "Explainer",
    "Failure",
    "Lambda",
    "Nanoseconds",
    "Operand",
    "Plan",
    "Probe",
    "State",
    "Type",
    "Vocabulary",
    "Watch",
    "check",
    "compile_lambda",
    "explain",
    "of_chunk",
    "of_point",
    "operands",
    "possible_types",
    "static_type",
    "value_of",
]
