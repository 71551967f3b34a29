"""Comes in: a session of Spark, or the name of a master. Goes out: a session of the run's own.

It stands beside the one that was given, over the same executors. What statements need is set there
and nowhere else: nothing of the other session is changed, and nothing of it changes a result.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from voucher_rules.batch.reading.frames import import_package
from voucher_rules.compiled.nodes import NotLoweredError
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError

_SETTINGS: Final[Mapping[str, str]] = {
    # a number that does not fit is an error, never another number
    "spark.sql.ansi.enabled": "true",
    "spark.sql.ansi.doubleQuotedIdentifiers": "false",
    "spark.sql.parser.escapedStringLiterals": "false",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.caseSensitive": "true",
    "spark.sql.parquet.inferTimestampNTZ.enabled": "true",
    "spark.sql.parquet.binaryAsString": "false",
    "spark.sql.parquet.mergeSchema": "false",
    "spark.sql.parquet.writeLegacyFormat": "false",
    # days are those of the calendar of today, however long ago they lie
    "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
    "spark.sql.parquet.datetimeRebaseModeInWrite": "CORRECTED",
    # a file that is damaged or gone is an error, never fewer rows
    "spark.sql.files.ignoreCorruptFiles": "false",
    "spark.sql.files.ignoreMissingFiles": "false",
    "spark.sql.files.maxRecordsPerFile": "0",
    # what goes to every executor passes through this process: what a file's size promises is not
    # believed, only what was measured
    "spark.sql.autoBroadcastJoinThreshold": "-1",
    "spark.sql.adaptive.autoBroadcastJoinThreshold": str(10 << 20),
}


def start_session(master: str | None = None) -> Any:  # noqa: ANN401 - a session of pyspark
    """Return the session there is, or a new one. Raises :class:`InputError`."""
    sql = import_package("pyspark.sql", "spark")
    running = sql.SparkSession.getActiveSession()
    if running is not None and master is None:
        return running
    builder = sql.SparkSession.builder.appName("voucher-rules")
    if master is not None:
        builder = builder.master(master)
    with tell_failures():
        session = builder.getOrCreate()
        session.sparkContext.setLogLevel("ERROR")
    return session


def open_beside(session: Any) -> Any:  # noqa: ANN401 - as above
    """Return a session of the run's own. Raises :class:`NotLoweredError`, :class:`InputError`."""
    import_package("pyarrow", "spark")
    if not hasattr(session, "sparkContext") or not hasattr(session, "_jsparkSession"):
        raise NotLoweredError("a session of Spark Connect", "spark")
    with tell_failures():
        own = session.newSession()
        for name, value in _SETTINGS.items():
            own.conf.set(name, value)
    return own


@contextmanager
def tell_failures() -> Iterator[None]:
    """Tell what Spark raises as a fault of the run. Raises :class:`InputError`."""
    errors = list_errors()
    try:
        yield
    except errors as error:
        told = {"problem": tell_problem(error)}
        raise InputError([Diagnostic("spark-failed", told, path="spark")]) from error


def list_errors() -> tuple[type[Exception], ...]:
    """Return what Spark raises."""
    errors = import_package("pyspark.errors", "spark")
    bridge = import_package("py4j.protocol", "spark")
    return errors.PySparkException, bridge.Py4JError, ConnectionError


def tell_problem(error: Exception) -> str:
    """Return the one line of an error that says most."""
    lines = [line.strip(" :") for line in str(error).splitlines()]
    told = [x for x in lines if x and not x.startswith("An error occurred while calling")]
    return told[0] if told else type(error).__name__
