"""How often Python looks for unused objects while a run works."""

import gc


def collect_garbage_rarely() -> None:
    """Let this process look for unused objects more rarely.

    Most objects of a run are there to stay, and to look through them as often as Python does of
    itself takes a tenth of its time.
    """
    gc.set_threshold(100_000, 20, 50)
