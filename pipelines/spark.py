"""PySpark as the engine, where a country outgrows one machine. Imported only when chosen.

Spark reads the Parquet files of the store and writes what it computes as Parquet into the store's
own folder for it, where Polars reads it: neither pandas nor pyarrow is needed, the rows do not
pass through Python, and executors need Java but no Python. Where nobody has said which cluster,
Spark runs in this machine's cores, listens to nobody else and leaves nothing outside that folder.
"""

import atexit
import logging
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import narwhals as nw
import polars as pl

from pipelines.errors import StepFailedError, WrongUseError
from pipelines.indicators.frame import Frame
from pipelines.store import make_folder
from schemas.column import Kind
from schemas.contract import TableContract

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

OLDEST_JAVA = 17
SPARK_TYPES = {
    Kind.TEXT: "string",
    Kind.CODE: "string",
    Kind.WHOLE_NUMBER: "bigint",
    Kind.DECIMAL: "double",
    Kind.DATE: "date",
    Kind.TIME: "time(9)",
    Kind.TRUTH: "boolean",
    Kind.TIMESTAMP: "timestamp_ntz",
}
# Where one of these is set somebody has said where Spark runs, and its settings are theirs.
SAYS_WHERE = (
    "SPARK_REMOTE",
    "SPARK_CONF_DIR",
    "PYSPARK_SUBMIT_ARGS",
    "PYSPARK_GATEWAY_PORT",
    "MASTER",
)
NEEDED = {
    "spark.sql.timeType.enabled": "true",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
}


class SparkEngine:
    """A Spark session that is started when it is first needed and ends with the process."""

    name = "spark"

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()

    def demand(self) -> None:
        """Spark needs its extra, and Java unless it is only the client of a Spark server."""
        if find_spec("pyspark") is None:
            raise WrongUseError(
                "The engine spark is not installed. Install it with: uv sync --extra spark "
                "(or pip install 'fast-lakarkontakt[spark]')."
            )
        if "SPARK_REMOTE" not in os.environ and _java_version() < OLDEST_JAVA:
            raise WrongUseError(
                f"The engine spark needs Java {OLDEST_JAVA} or newer, as JAVA_HOME or as java on "
                "the PATH. Install it (Debian: apt-get install default-jre-headless), or leave "
                "out --engine spark."
            )

    def scan(self, paths: Sequence[Path], contract: TableContract) -> Frame:
        """A DataFrame over the Parquet files; the contract's types save a look at each file."""
        types = ", ".join(f"{each.name} {SPARK_TYPES[each.kind]}" for each in contract.columns)
        if not paths:
            return nw.from_native(self._session.createDataFrame([], types))
        # File names are names, not patterns.
        reader = self._session.read.schema(types).option("__globPaths__", "false")
        return nw.from_native(reader.parquet(*(str(path.resolve()) for path in paths)))

    def collect(self, frames: Sequence[Frame]) -> list[pl.DataFrame]:
        """All frames side by side; a frame that another is made from is computed once."""
        natives: list[Any] = [nw.to_native(frame) for frame in frames]
        with self._said_without_rows(), ThreadPoolExecutor(max(1, len(natives))) as beside:
            return list(beside.map(self._rows, natives))

    def held(self, frames: Sequence[Frame]) -> list[Frame]:
        """Frames over Parquet files in Spark's folder, which are removed when the process ends.

        Spark's own cache would keep the plans too, and every later step would go through them.
        """
        held = []
        with self._said_without_rows():
            for frame in frames:
                place = Path(tempfile.mkdtemp(dir=self.folder / "held")) / "table"
                nw.to_native(frame).write.parquet(str(place))
                held.append(nw.from_native(self._session.read.parquet(str(place))))
        return held

    def for_small(self) -> "tuple[SparkEngine, int]":
        """Spark itself; it works side by side on its own."""
        return self, 1

    def _rows(self, native: Any) -> pl.DataFrame:
        results = self.folder / "results"
        with tempfile.TemporaryDirectory(dir=results) as place:
            table = Path(place) / "table"
            native.write.parquet(str(table))
            return pl.read_parquet(sorted(table.glob("*.parquet")), glob=False)

    @contextmanager
    def _said_without_rows(self) -> Iterator[None]:
        """What Spark says of an error may hold what stands in a row: only its code is told on."""
        from py4j.protocol import Py4JError
        from pyspark.errors import PySparkException

        try:
            yield
        except (PySparkException, Py4JError) as error:
            known = isinstance(error, PySparkException) and error.getCondition()
            raise StepFailedError(
                f"Spark stopped with {known or type(error).__name__}. What it wrote is in "
                f"{self._log}; the other engine is chosen with --engine polars."
            ) from None

    # The session

    @property
    def _log(self) -> Path:
        return self.folder / "log"

    @cached_property
    def _session(self) -> "SparkSession":
        """The process's session; the rows that a run which was killed left are removed."""
        from pyspark.sql import SparkSession

        self.demand()
        shutil.rmtree(self.folder, ignore_errors=True)
        for name in ("results", "held", "local", "tmp"):
            make_folder(self.folder / name)
        logging.getLogger("DataFrameQueryContextLogger").setLevel(logging.CRITICAL + 1)
        if not any(name in os.environ for name in SAYS_WHERE):
            self._start_here()
        session = SparkSession.builder.appName("flk").getOrCreate()
        for name, value in NEEDED.items():
            session.conf.set(name, value)
        atexit.register(shutil.rmtree, self.folder / "held", ignore_errors=True)
        atexit.register(session.stop)
        return session

    def _start_here(self) -> None:
        """Start Spark in this machine's cores, what it says going to its own file."""
        from pyspark import SparkConf, SparkContext
        from pyspark.errors import PySparkRuntimeError
        from pyspark.java_gateway import launch_gateway

        if SparkContext._active_spark_context is not None:
            return
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 2
        half = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**21
        settings = {
            "spark.app.name": "flk",
            "spark.master": f"local[{cores}]",
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.driver.host": "127.0.0.1",
            "spark.driver.memory": f"{max(half, 1024)}m",
            "spark.driver.extraJavaOptions": f'-Djava.io.tmpdir="{self.folder / "tmp"}"',
            "spark.local.dir": str(self.folder / "local"),
            "spark.sql.warehouse.dir": str(self.folder / "warehouse"),
            "spark.sql.shuffle.partitions": str(cores),
            "spark.ui.enabled": "false",
            "spark.ui.showConsoleProgress": "false",
            "spark.log.level": "ERROR",
            # To note where every expression was written took most of the time of making plans.
            "spark.python.sql.dataFrameDebugging.enabled": "false",
            "spark.sql.dataFrameQueryContext.enabled": "false",
        }
        conf = SparkConf().setAll(list(settings.items()))
        with self._log.open("w") as log:
            try:
                gateway = launch_gateway(  # type: ignore[no-untyped-call]
                    conf, {"stdout": log, "stderr": log}
                )
                SparkContext(conf=conf, gateway=gateway)
            except PySparkRuntimeError as error:
                raise StepFailedError(
                    f"Spark did not start ({error.getCondition()}). What it wrote is in {self._log}"
                ) from None


def _java_version() -> int:
    """The version of the Java that Spark would take; 0 where there is none."""
    home = os.environ.get("JAVA_HOME")
    java = str(Path(home) / "bin" / "java") if home else "java"
    try:
        told = subprocess.run([java, "-version"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return 0
    found = re.search(r'version "(?:1\.)?(\d+)', told.stderr)
    return int(found.group(1)) if found else 0
