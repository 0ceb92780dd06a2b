"""What a long step says of the time that is left."""

from assets.pace import Pace


def test_the_rest_takes_as_long_as_the_beginning_did() -> None:
    now = iter([0.0, 60.0, 120.0, 200.0, 240.0])
    pace = Pace(100, clock=lambda: next(now))
    assert pace.after(25) == "25%, about 3 min left"
    assert pace.after(25) == "50%, about 2 min left"
    assert pace.after(40) == "90%, about 20 s left"
    assert pace.after(10) == "100%"


def test_a_short_rest_and_a_step_without_work_say_no_time() -> None:
    now = iter([0.0, 5.0, 0.0, 5.0])
    assert Pace(2, clock=lambda: next(now)).after(1) == "50%"
    assert Pace(0, clock=lambda: next(now)).after(0) == "0%"


def test_after_one_row_of_a_thousand_no_time_is_said() -> None:
    now = iter([0.0, 10.0])
    pace = Pace(1000, clock=lambda: next(now))
    assert pace.after(1) == "0%"
    assert pace.after(9) == "1%, about 16 min left"


def test_a_rest_that_is_counted_in_rows_goes_on_from_the_bytes_before() -> None:
    now = iter([0.0, 60.0, 90.0, 120.0])
    pace = Pace(200, clock=lambda: next(now))
    assert pace.after(100) == "50%, about 60 s left"
    pace.rest_is(4000)
    assert pace.after(2000) == "75%, about 30 s left"
    assert pace.after(2000) == "100%"
