"""The documentation is true: its SQL runs on the sample and prints what stands there."""
