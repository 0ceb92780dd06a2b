"""The sample's statistics as they were when somebody last looked at them and agreed.

`pinned/` holds them, `pins.py` says what is pinned, `difference.py` shows what has changed and
takes it as the new truth. No definition is explained here: that is what `tests/spec` does.
"""
