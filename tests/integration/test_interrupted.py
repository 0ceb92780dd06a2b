"""A run that is stopped in the middle leaves nothing half done; run again, all is as it should."""

import signal
import subprocess
from pathlib import Path

import pytest

from benchmarks.killed import trial
from integration.landing import land, row
from integration.running import command, environment, flk, result_bytes

PATIENCE_SECONDS = 90


def stopped(how: signal.Signals, seen: str, landing: Path, out: Path) -> subprocess.Popen[str]:
    """Start a run and stop it when a line on its terminal holds this text."""
    run = subprocess.Popen(
        command("run", "--landing", landing, "--out", out),
        env=environment(PYTHONUNBUFFERED="1"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert run.stdout is not None
    for line in run.stdout:
        if seen in line:
            run.send_signal(how)
            break
    else:
        pytest.fail(f"The run never said {seen!r}.")
    return run


@pytest.mark.parametrize("seen", ["19/physicians", "people of 2025-11", "Publishing"])
def test_interrupted_and_run_again(
    seen: str,
    copied: None,
    landing: Path,
    out: Path,
) -> None:
    before = (out / "published" / "statistics.duckdb").read_bytes()
    persons = [row("listings", person=person) for person in ("anna", "bo", "eva")]
    land(landing, "19/listings/2025-11-30", persons)
    land(landing, "19/physicians/2025-11-30", "physician_id\nDR")

    run = stopped(signal.SIGINT, seen, landing, out)
    out_text, err = run.communicate(timeout=PATIENCE_SECONDS)
    assert run.returncode == 1
    assert "Traceback" not in out_text + err
    if seen != "Publishing":
        assert (out / "published" / "statistics.duckdb").read_bytes() == before

    assert flk("run", "--landing", landing, "--out", out).status == 0
    whole = out.parent / "whole"
    assert flk("run", "--landing", landing, "--out", whole).status == 0
    assert result_bytes(out) == result_bytes(whole)
    assert [path.name for path in out.rglob("*.part")] == []


def test_two_runs_at_once(landing: Path, out: Path) -> None:
    """One does the work, the other says so and touches nothing."""
    runs = [
        subprocess.Popen(
            command("run", "--landing", landing, "--out", out),
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    said = [each.communicate(timeout=PATIENCE_SECONDS) for each in runs]
    ended = sorted((each.returncode, err) for each, (_, err) in zip(runs, said, strict=True))
    assert ended[0] == (0, "")
    assert ended[1] == (1, f"flk: Another run is working in {out}. Wait until it has ended.\n")
    alone = out.parent / "alone"
    assert flk("run", "--landing", landing, "--out", alone).status == 0
    assert result_bytes(out) == result_bytes(alone)


def test_killed_at_random_moments_with_a_reader_beside(tmp_path: Path) -> None:
    """What `python -m benchmarks.killed` does fifty times: docs/proof.md."""
    done = trial(tmp_path, kills=3, seed=3)
    assert done.faults == []
    assert done.killed.total() == 3
    assert done.reads > 3
    assert done.publications_seen == 2
