"""Comes in: nothing. Goes out: a session of Spark that is set as unlike the usual as can be."""

from __future__ import annotations

import atexit
import os
from functools import cache
from importlib.util import find_spec
from shutil import which
from typing import Any, Final

import pytest

WANTED: Final = bool(os.environ.get("VOUCHER_RULES_SPARK"))
needs_spark: Final = pytest.mark.skipif(
    not (WANTED and find_spec("pyspark") and which("java")),
    reason="Spark is tried where VOUCHER_RULES_SPARK is set: make spark",
)
SETTINGS: Final = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.shuffle.partitions": "2",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
}
HOSTILE: Final = {
    "spark.sql.ansi.enabled": "false",
    "spark.sql.session.timeZone": "Pacific/Apia",
    "spark.sql.caseSensitive": "false",
    "spark.sql.parser.escapedStringLiterals": "true",
    "spark.sql.files.ignoreMissingFiles": "true",
    "spark.sql.parquet.outputTimestampType": "INT96",
}


@cache
def open_base() -> Any:  # noqa: ANN401 - a session of pyspark
    from pyspark.sql import SparkSession  # noqa: PLC0415 - not everywhere

    builder = SparkSession.builder.master("local[2]").appName("tests")
    for name, value in SETTINGS.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    atexit.register(session.stop)
    return session


def open_hostile() -> Any:  # noqa: ANN401 - as above
    """Return a session whose settings differ from all that a run sets."""
    session = open_base().newSession()
    for name, value in HOSTILE.items():
        session.conf.set(name, value)
    return session
