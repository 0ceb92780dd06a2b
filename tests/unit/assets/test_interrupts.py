"""Nobody who stops a run is left unheard."""

import os
import signal
import threading

import dagster as dg
import pytest

from assets.interrupts import interrupts_kept


@dg.asset
def stopped_within() -> None:
    """A step in which the operator stops the run."""
    os.kill(os.getpid(), signal.SIGINT)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_that_is_forgotten(number: signal.Signals) -> None:
    """As Dagster does it where no step follows."""
    before = signal.signal(number, lambda *_: None)
    try:
        with pytest.raises(KeyboardInterrupt), interrupts_kept():
            os.kill(os.getpid(), number)
    finally:
        signal.signal(number, before)


def test_within_a_step() -> None:
    with pytest.raises(KeyboardInterrupt), interrupts_kept():
        dg.materialize([stopped_within], raise_on_error=False)


def test_nobody_stopped_it() -> None:
    with interrupts_kept():
        pass


def test_beside_the_main_thread() -> None:
    """Where signals never arrive."""
    done = []

    def work() -> None:
        with interrupts_kept():
            done.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done == [True]
