"""Errors that reach a person: one or two sentences that say what is wrong and what to do.

No text here or built with these classes holds an identity, a name or a cell's content.
"""


class StepFailedError(Exception):
    """The work could not be done: exit status 1."""


class WrongUseError(Exception):
    """The command was used wrongly: exit status 2."""
