"""Measure balances over history as SQL in DuckDB, beside a window written by hand and the ledger.

Give how many events; a tenth as many cases ask. All three must tell the same. The ledger is made of
at most 100,000 of the events, since making it takes longer than all else; what it takes to read a
balance does not grow with its length (``benchmarks/ledger.py``). Times are of the processor.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import UTC

import duckdb
from harness.figures import Figure, note

import voucher_rules as vr
from voucher_rules.decision.case import read_case
from voucher_rules.ledger.asking import Asking, list_questions
from voucher_rules.ledger.entries import Entry, Moved
from voucher_rules.ledger.live import LiveBooks
from voucher_rules.ledger.past import look_at
from voucher_rules.ledger.trial import take_batch

RULESET = "cn-bj-service-voucher"
EVENTS = 1_000_000
MOST_IN_LEDGER = 100_000
ASKED = 300
BALANCES = ("ledger.quota_used", "ledger.quota_live")

MAKE_EVENTS = """
CREATE TABLE events AS
SELECT row_number() OVER (ORDER BY "at", number, stage) AS seq, 'e' || (number * 4 + stage) AS id,
  "at", '' AS corrects, 'moved' AS kind, 'cn-bj-service-voucher' AS ruleset,
  'voucher' AS lifecycle, 'v' || number AS thing, '' AS source,
  ['order', 'accept', 'redeem', 'expire'][stage + 1] AS event,
  CAST([500000, NULL, 200000, NULL][stage + 1] AS BIGINT) AS amount,
  CASE WHEN stage = 0 THEN 'E' || number % $parties END AS "carries.enterprise",
  CASE WHEN stage = 0 THEN 'P' || number % 50 END AS "carries.provider",
  CASE WHEN stage = 0 THEN 'x' END AS "carries.product",
  CAST(NULL AS VARCHAR) AS "carries.until"
FROM (
  SELECT number, stage, TIMESTAMP '2019-01-01' + to_seconds(
    number * (157680000 // $things) + stage * 259200 + (number * 7919) % 86400) AS "at"
  FROM range($things) AS a(number), range(4) AS b(stage)
)
"""
MAKE_CASES = """
CREATE TABLE cases AS
SELECT number AS key, "at", 'w' || number AS thing, 'E' || (number * 37) % $parties
  AS "of.enterprise", 'P' || number % 50 AS "of.provider",
  CAST("at" + INTERVAL 8 HOUR AS DATE) AS "order.date"
FROM (
  SELECT number, TIMESTAMP '2019-01-01' + to_seconds(number * (157680000 // $cases)) AS "at"
  FROM range($cases) AS a(number)
)
"""
BY_HAND = """
CREATE OR REPLACE TABLE by_hand AS
WITH steps AS (
  SELECT max("carries.enterprise") OVER one AS enterprise, "at",
    max(CASE event WHEN 'order' THEN year("at" + INTERVAL 8 HOUR) END) OVER one AS year,
    CASE event WHEN 'order' THEN amount WHEN 'expire' THEN -300000 ELSE 0 END AS step
  FROM events WINDOW one AS (PARTITION BY thing)
)
SELECT key, sum(step) OVER (PARTITION BY enterprise, year ORDER BY "at") AS used, is_case FROM (
  SELECT key, "of.enterprise" AS enterprise, year("order.date") AS year, "at", 0 AS step,
    TRUE AS is_case FROM cases
  UNION ALL SELECT NULL, enterprise, year, "at", step, FALSE FROM steps
) QUALIFY is_case
"""


def measure(run: Callable[[], object]) -> float:
    """Return the seconds of the processor that something takes."""
    start = time.process_time()
    run()
    return time.process_time() - start


def check(found: object, expected: object) -> None:
    """End where two ways do not tell the same."""
    if found != expected:
        sys.exit(f"told {found}, expected {expected}")


def make_tables(database: duckdb.DuckDBPyConnection, length: int) -> None:
    """Make lives of four events each, and cases spread over the same five years."""
    told = {"things": length // 4, "parties": length // 100 + 1, "cases": max(length // 10, 1)}
    for text in (MAKE_EVENTS, MAKE_CASES):
        names = {name: value for name, value in told.items() if f"${name}" in text}
        for name, value in names.items():
            text = text.replace(f"${name}", str(value))  # noqa: PLW2901 - filled slot by slot
        database.execute(text)


def read_entries(database: duckdb.DuckDBPyConnection) -> list[Entry]:
    """Return the first events as entries of a ledger."""
    rows = database.execute(
        'SELECT seq, id, "at", thing, event, amount, "carries.enterprise", "carries.provider",'
        ' "carries.product" FROM events ORDER BY seq LIMIT ?',
        [MOST_IN_LEDGER],
    ).fetchall()
    found = []
    for seq, name, at, thing, event, amount, *carried in rows:
        named = zip(("enterprise", "provider", "product"), carried, strict=True)
        carries = {key: text for key, text in named if text is not None}
        body = Moved(RULESET, "2023", "voucher", thing, event, amount=amount, carries=carries)
        moment = at.replace(tzinfo=UTC)
        found.append(Entry(seq, name, moment, moment, body))
    return found


class LedgerSide:
    """A ledger of the first events, and cases within its time."""

    def __init__(self, ruleset: vr.Ruleset, database: duckdb.DuckDBPyConnection) -> None:
        self.program = ruleset.program("claim")
        self.books = LiveBooks({RULESET: ruleset.checked.histories})
        entries = read_entries(database)
        self.made = measure(lambda: take_batch(self.books, entries))
        last = entries[-1].at.replace(tzinfo=None)
        self.cases = database.execute(
            'SELECT cases.key, "at", "of.enterprise", "order.date", told."ledger.quota_used",'
            ' told."ledger.quota_live" FROM cases JOIN told USING (key) WHERE "at" < ?'
            " ORDER BY hash(cases.key) LIMIT ?",
            [last, ASKED],
        ).fetchall()

    def read_all(self) -> None:
        """Read every balance of every case, and hold them against those in SQL."""
        for key, at, enterprise, day, *told in self.cases:
            case = read_case(self.program, {"order.date": day}, None, None)
            asking = Asking(self.program, case, f"w{key}", {"enterprise": enterprise})
            books = look_at(self.books, at.replace(tzinfo=UTC))
            asked = list_questions(asking, books, BALANCES)
            found = {x.balance.name: books.read(x) for x in asked}
            check(told, [found[name] for name in BALANCES])


def main(length: int) -> None:
    """Measure, and print what was measured."""
    ruleset = vr.load(RULESET, "2023")
    code = vr.sql_balances(ruleset, "claim", dialect="duckdb")
    with duckdb.connect(config={"threads": 2}) as database:
        make_tables(database, length)
        in_sql = measure(lambda: database.execute(f"CREATE OR REPLACE TABLE told AS {code.text}"))
        by_hand = measure(lambda: database.execute(BY_HAND))
        both = 'SELECT count(*) FROM told JOIN by_hand USING (key) WHERE "ledger.quota_used" = used'
        cases = max(length // 10, 1)
        check(database.execute(both).fetchall(), [(cases,)])
        ledger = LedgerSide(ruleset, database)
        ledger.read_all()
        read = measure(ledger.read_all) / (len(ledger.cases) * len(BALANCES))
        counted = database.execute("SELECT count(*) FROM events").fetchall()[0][0]
    print(f"{counted:,} events, {cases:,} cases, DuckDB {duckdb.__version__}, processor time")
    size = f"{counted:,} events"
    told = "four balances as SQL, every entry checked"
    note(Figure(told, in_sql, "s", size, in_sql / by_hand, "one balance by hand, unchecked"))
    note(Figure("one balance of a case read by the ledger", read * 1e6, "µs", size))
    print(f"{in_sql:9.2f} s  four balances as SQL, every entry checked")
    print(f"{by_hand:9.2f} s  one balance by a window written by hand, nothing checked")
    print(f"{read * 1e6:9.1f} µs one balance of a case read by the ledger, its cases read with it")
    print(f"{ledger.made:9.2f} s  a ledger of {len(ledger.books.entries):,} events made in memory")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else EVENTS)
