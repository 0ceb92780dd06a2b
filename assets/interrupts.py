"""Being stopped by the operator while Dagster works."""

import contextlib
import os
import signal
import threading
from collections.abc import Iterator

STOP = frozenset({signal.SIGINT, signal.SIGTERM})


@contextlib.contextmanager
def interrupts_kept() -> Iterator[None]:
    """Raise KeyboardInterrupt at the end of the block when the process was told to stop in it.

    Dagster takes signals over. It turns those that come in the middle of a step into a failed step,
    and forgets those that come when no step follows: then a run would go on with the next one.
    """
    if threading.current_thread() is not threading.main_thread():
        # Python gives signals to the main thread alone.
        yield
        return
    arrived, written = os.pipe()
    os.set_blocking(arrived, False)
    os.set_blocking(written, False)
    # Every signal's number is written there, whoever handles it.
    before = signal.set_wakeup_fd(written, warn_on_full_buffer=False)
    try:
        yield
        if STOP & set(_numbers(arrived)):
            raise KeyboardInterrupt
    finally:
        signal.set_wakeup_fd(before)
        os.close(arrived)
        os.close(written)


def _numbers(arrived: int) -> bytes:
    try:
        return os.read(arrived, 4096)
    except BlockingIOError:
        return b""
