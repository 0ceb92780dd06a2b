"""The commands of `flk`, a module each: its arguments, and what it does with them.

A command imports what it needs when it is called, so that no command waits for another's.
What a command does belongs in `pipelines`, what goes through Dagster in the rest of `assets`.
"""
