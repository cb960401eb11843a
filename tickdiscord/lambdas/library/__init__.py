"""The function table: every function that a lambda may call, by name; one entry holds all there is to know of one."""

from collections.abc import Mapping

from tickdiscord.lambdas.library import bytesizes, conditionals, conversions, maths, regexes, stateful, strings, times
from tickdiscord.lambdas.library.entry import Example, Function, Signature, Takes

_SUBJECTS = (conversions, maths, strings, regexes, times, bytesizes, conditionals, stateful)

FUNCTIONS: Mapping[str, Function] = {function.name: function for subject in _SUBJECTS for function in subject.FUNCTIONS}

__all__ = ["FUNCTIONS", "Example", "Function", "Signature", "Takes"]
