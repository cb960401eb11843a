"""The rules. A module is one: its docstring is its page of the manual, `CODE` its code, `check` finds what it is about.

A docstring says in its first line what was found; then why that matters; then, behind `Bad::` and `Good::`, a script
each. Nothing is registered: a module is a rule by being here.
"""
