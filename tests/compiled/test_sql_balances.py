"""Balances in SQL, held against the ledger: to the unit, at every moment, in every engine."""

from __future__ import annotations

import contextlib
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from drawn_histories import Drawn, Told, ask_ledger, draw_cases, list_rows, tell
from sql_engines import TYPES, Engine, find_engines

import voucher_rules as vr
from voucher_rules.ledger.entries import Body, Entry, Moved, Withdrawn
from voucher_rules.ledger.write_entries import write_entry

THOROUGHNESS = int(os.environ.get("VOUCHER_RULES_THOROUGHNESS", "1"))
LEDGERS = Path(__file__).parents[1] / "ledger" / "rulesets"
ENGINES = pytest.mark.parametrize("engine", find_engines(), ids=lambda engine: engine.dialect)
PROMPT = pytest.mark.parametrize(
    "engine",
    [engine for engine in find_engines() if engine.dialect != "spark"],
    ids=lambda engine: engine.dialect,
)
"""Engines that plan many queries within seconds; the text is the same for all of them."""


def write_events(engine: Engine, code: vr.SqlBalances, rows: list[Told]) -> str:
    columns = [(x.name, TYPES[x.holds]) for x in code.reads_of_events]
    return engine.write_relation(columns, rows, "events")


def tell_all(
    engine: Engine, drawn: Drawn, decision: str, rows: list[Told], known: datetime | None = None
) -> tuple[vr.SqlBalances, list[Told]]:
    """Return what the statement gives of some cases, in their order."""
    code = vr.sql_balances(drawn.ruleset, decision, dialect=engine.dialect, known=known)
    carried = [x.name.removeprefix("carries.") for x in code.reads_of_events]
    events = write_events(engine, code, list_rows(drawn.entries, carried))
    cases = engine.write_relation([(x.name, TYPES[x.holds]) for x in code.reads], rows)
    code = vr.sql_balances(
        drawn.ruleset,
        decision,
        dialect=engine.dialect,
        cases=cases,
        events=events,
        known=known,
    )
    told = engine.run(code.text)
    assert len(told) == len(rows)
    return code, sorted(told, key=lambda row: int(row["key"]))


def hold_against_ledger(  # noqa: PLR0913, PLR0917 - each argument is one thing it rests on
    engine: Engine,
    drawn: Drawn,
    decision: str,
    count: int,
    known: datetime | None = None,
    saying: dict[str, int] | None = None,
) -> int:
    """Hold every balance of every case against the ledger; return how many said something."""
    saying = {} if saying is None else saying
    probe = vr.sql_balances(drawn.ruleset, decision, dialect=engine.dialect)
    rows = draw_cases(drawn, probe, count)
    code, told = tell_all(engine, drawn, decision, rows, known)
    inputs = drawn.ruleset.program(decision).inputs
    balances = drawn.ruleset.checked.histories.balances
    names = [x.name for x in code.gives if x.name in balances]
    for row, given in zip(rows, told, strict=True):
        found = ask_ledger(drawn, decision, row, known)
        expected: dict[str, Any] = {}
        for name in names:
            expected[name] = tell(balances[name], found, inputs[name].type.options)
            saying[name] = saying.get(name, 0) + bool(expected[name])
        wrong = {
            name: (given[name], expected[name]) for name in names if given[name] != expected[name]
        }
        assert not wrong, row
        for name in (x.name for x in code.gives if x.name.endswith(".none")):
            none = found.get(name.removesuffix(".none")) is vr.NONE
            assert bool(given[name]) == none, (row, name)
    return sum(saying.values())


TANK = Path(__file__).parent / "rulesets" / "invented-tank" / "1.yaml"
SHIPPED = (
    *("cn-bj-service-voucher", "cn-gx-service-voucher"),
    *("cn-nm-service-voucher", "cn-nx-service-voucher"),
)
INVENTED = ("invented-voucher", "invented-places", "invented-recovery", "invented-tank")


def load(name: str) -> vr.Ruleset:
    return vr.load(TANK) if name == "invented-tank" else vr.load(name, folders=[LEDGERS])


def list_decisions(ruleset: vr.Ruleset) -> dict[str, tuple[str, ...]]:
    """Return the decisions with balances that can be told, and the lifecycles these look at."""
    balances, found = ruleset.checked.histories.balances, {}
    for decision in ruleset.decisions:
        with contextlib.suppress(vr.InputError):
            gives = vr.sql_balances(ruleset, decision, dialect="duckdb").gives
            kinds = {balances[x.name].lifecycle for x in gives if x.name in balances}
            found[decision] = tuple(sorted(kinds))
    return found


def draw(ruleset: vr.Ruleset, lifecycles: tuple[str, ...], seed: object, count: int) -> Drawn:
    drawn = Drawn(ruleset, Random(f"{ruleset.id} {seed}"))  # noqa: S311 - invented data
    drawn.draw(lifecycles, count * len(lifecycles))
    return drawn


@ENGINES
@pytest.mark.parametrize("name", [*SHIPPED, *INVENTED])
def test_balances_of_drawn_histories_are_what_the_ledger_says(engine: Engine, name: str) -> None:
    if engine.dialect == "spark" and name not in {"invented-recovery", "invented-places"}:
        pytest.skip("plans of many queries take Spark minutes")
    ruleset, said = load(name), 0
    seen: set[str] = set()
    for decision, lifecycles in list_decisions(ruleset).items():
        code = vr.sql_balances(ruleset, decision, dialect=engine.dialect)
        fresh = {column.name for column in code.gives} - seen
        if fresh:
            seen |= fresh
            drawn = draw(ruleset, lifecycles, decision, 45 * THOROUGHNESS)
            said += hold_against_ledger(engine, drawn, decision, 12 * THOROUGHNESS)
    assert said > 0


@PROMPT
def test_each_kind_of_balance_says_something_and_tells_by_what_was_known(engine: Engine) -> None:
    ruleset = load("invented-tank")
    saying: dict[str, int] = {}
    for seed in range(2 * THOROUGHNESS):
        drawn = draw(ruleset, ("voucher", "visit"), seed, 130)
        known = drawn.entries[len(drawn.entries) * 2 // 3].known if seed % 2 else None
        hold_against_ledger(engine, drawn, "claim", 60, known, saying)
    code = vr.sql_balances(ruleset, "claim", dialect=engine.dialect)
    names = {x.name for x in code.gives if not x.name.endswith(".none")}
    assert {name for name in names if saying.get(name)} == names


# -- one thing at a time ---------------------------------------------------------------------------

START = datetime(2024, 1, 1, 1, tzinfo=UTC)


def at(text: str) -> datetime:
    """Return a moment by the clock of the ruleset."""
    return datetime.fromisoformat(f"{text}+08:00").astimezone(UTC)


def make_drawn(
    *told: tuple[str, str, str, int | None] | tuple[str, str, str, int | None, str],
) -> Drawn:
    """Return a history of vouchers of B: moment, thing, event, amount, and what it corrects."""
    drawn = Drawn(load("invented-tank"), Random(0))  # noqa: S311 - invented data
    carries = {"enterprise": "B", "provider": "P"}
    for seq, (when, thing, event, amount, *corrects) in enumerate(told, 1):
        body: Body = Moved(
            "invented-tank",
            "1",
            "voucher",
            thing,
            event,
            amount=amount,
            carries=carries if event in ("issue", "wait") else {},
        )
        if event == "withdraw":
            body = Withdrawn("doubled")
        known = START + timedelta(days=400 + seq)
        name = corrects[0] if corrects else ""
        drawn.entries.append(Entry(seq, f"e{seq}", at(when), known, body, name))
    return drawn


ROW: Told = {
    "thing": None,
    "of.enterprise": "B",
    "of.provider": "P",
    "claim.date": None,
    "contract.signed_on": None,
    "contract.signed_on.none": True,
    "service.kind": "legal",
}


def tell_at(
    engine: Engine, drawn: Drawn, name: str, *moments: str, known: datetime | None = None
) -> list[Any]:
    """Return what is told at some moments; the ledger must say the same, where it says anything."""
    rows = [{**ROW, "at": at(moment)} for moment in moments]
    _, told = tell_all(engine, drawn, "claim", rows, known)
    for given, row in zip(told, rows, strict=True):
        with contextlib.suppress(vr.LedgerError):
            assert given[name] == ask_ledger(drawn, "claim", row, known).get(name)
    return [given[name] for given in told]


@PROMPT
def test_what_happens_at_the_very_moment_of_a_case_counts(engine: Engine) -> None:
    drawn = make_drawn(("2024-05-01T09:00", "V", "issue", 100))
    moments = ("2024-05-01T08:59:59.999999", "2024-05-01T09:00", "2024-05-01T23:59")
    assert tell_at(engine, drawn, "ledger.open", *moments) == [0, 100, 100]


@PROMPT
def test_a_month_ends_by_the_clock_of_the_ruleset(engine: Engine) -> None:
    drawn = make_drawn(
        ("2024-01-02T09:00", "V", "issue", 100),
        ("2024-01-31T23:59:59.999999", "V", "settle", 10),
        ("2024-02-01T00:00", "V", "settle", 20),
    )
    moments = ("2024-01-31T23:59:59.999998", "2024-01-31T23:59:59.999999", "2024-02-01T00:00")
    assert tell_at(engine, drawn, "ledger.settled", *moments) == [0, 10, 20]
    later = ("2024-02-29T23:59:59.999999", "2024-03-01T00:00")
    assert tell_at(engine, drawn, "ledger.settled", *later) == [20, 0]


@PROMPT
def test_a_correction_counts_from_when_it_is_known_and_keeps_its_rank(engine: Engine) -> None:
    drawn = make_drawn(
        ("2024-01-02T09:00", "V", "issue", 100),
        ("2024-01-03T09:00", "V", "claim", 30),
        ("2024-01-03T09:00", "V", "lapse", None),
        ("2024-01-03T09:00", "V", "claim", 40, "e2"),
        ("2024-01-02T09:00", "V", "issue", 200, "e1"),
        ("2024-01-03T09:00", "V", "claim", 50, "e4"),
    )
    at_once = "2024-01-03T09:00"
    assert tell_at(engine, drawn, "ledger.open", "2024-01-02T10:00", at_once) == [200, 0]
    before = drawn.entries[2].known
    assert tell_at(engine, drawn, "ledger.open", "2024-01-02T10:00", known=before) == [100]
    withdrawn = make_drawn(
        ("2024-01-02T09:00", "V", "issue", 100), ("2024-01-03T09:00", "V", "withdraw", None, "e1")
    )
    assert tell_at(engine, withdrawn, "ledger.open", at_once) == [0]


@PROMPT
@pytest.mark.parametrize("whose", [None, "B ", "Ｂ\u3000", "e\u0301"])
def test_of_nobody_known_nothing_is_told_and_never_zero(engine: Engine, whose: str | None) -> None:
    drawn = make_drawn(("2024-05-01T09:00", "V", "issue", 100))
    rows = [{**ROW, "at": at("2024-05-02T09:00"), "of.enterprise": whose}]
    _, told = tell_all(engine, drawn, "claim", rows)
    assert (told[0]["ledger.open"], told[0]["ledger.settled"]) == (None, 0)


@PROMPT
@pytest.mark.parametrize(
    "more",
    [
        ("2024-05-01T10:00", "V", "settle", 101),
        ("2024-05-01T10:00", "V", "issue", 5),
        ("2024-05-01T10:00", "V", "vanish", None),
        ("2024-05-01T10:00", " W", "issue", 5),
    ],
)
def test_while_an_entry_does_not_fit_nothing_is_told(engine: Engine, more: Any) -> None:  # noqa: ANN401
    drawn = make_drawn(("2024-05-01T09:00", "V", "issue", 100), more)
    with pytest.raises(vr.LedgerError):
        ask_ledger(drawn, "claim", {**ROW, "at": at("2024-05-02T09:00")})
    code, told = tell_all(engine, drawn, "claim", [{**ROW, "at": at("2024-05-02T09:00")}])
    assert told[0]["ledger.open"] is None
    assert [row["vr_seq"] for row in engine.run(code.unfit)] == [2]


@PROMPT
def test_a_correction_of_nothing_or_made_twice_does_not_fit(engine: Engine) -> None:
    first = ("2024-05-01T09:00", "V", "issue", 100)
    for corrects in (("e9",), ("e1", "e1")):
        wrong = [("2024-05-01T09:00", "V", "issue", 90, name) for name in corrects]
        assert tell_at(engine, make_drawn(first, *wrong), "ledger.open", "2024-05-02T09:00") == [
            None
        ]


@PROMPT
def test_an_entry_is_corrected_eight_times_in_a_row_and_no_more(engine: Engine) -> None:
    first = ("2024-05-01T09:00", "V", "issue", 100)
    more = [("2024-05-01T09:00", "V", "issue", 100 + x, f"e{x}") for x in range(1, 10)]
    told = [make_drawn(first, *more[:count]) for count in (8, 9)]
    moment = "2024-05-02T09:00"
    assert tell_at(engine, told[0], "ledger.open", moment) == [108]
    _, rows = tell_all(engine, told[1], "claim", [{**ROW, "at": at(moment)}])
    assert rows[0]["ledger.open"] is None


@PROMPT
def test_cases_with_the_same_keys_are_told_nothing(engine: Engine) -> None:
    drawn = make_drawn(("2024-05-01T09:00", "V", "issue", 100))
    code = vr.sql_balances(drawn.ruleset, "claim", dialect=engine.dialect)
    columns = [(x.name, TYPES[x.holds]) for x in code.reads]
    row = {"key": 7, **ROW, "at": at("2024-05-02T09:00")}
    cases = engine.write_relation(columns, [row, row])
    carried = [x.name.removeprefix("carries.") for x in code.reads_of_events]
    events = write_events(engine, code, list_rows(drawn.entries, carried))
    code = vr.sql_balances(
        drawn.ruleset, "claim", dialect=engine.dialect, cases=cases, events=events
    )
    assert [(row["key"], row["ledger.open"]) for row in engine.run(code.text)] == [(7, None)]


# -- with the rest of the library ------------------------------------------------------------------


@ENGINES
def test_stored_entries_are_taken_apart_as_they_are(engine: Engine) -> None:
    drawn = draw(load("invented-tank"), ("voucher", "visit"), "texts", 20)
    texts = [{"text": write_entry(entry)} for entry in drawn.entries]
    entries = engine.write_relation([("text", "VARCHAR")], texts, "entries")
    told = engine.run(vr.sql_events(drawn.ruleset, dialect=engine.dialect, entries=entries))
    carried = ("enterprise", "provider", "kind", "signed_on")
    rows = list_rows(drawn.entries, carried)
    for row in rows:
        row |= {name: row[name].replace(tzinfo=None) for name in ("at", "known")}
    assert sorted(told, key=lambda row: int(row["seq"])) == rows


def test_cases_with_their_balances_are_decided_as_by_the_ledger() -> None:
    duckdb = pytest.importorskip("duckdb")
    nx = vr.load("cn-nx-service-voucher")
    carries = {"provider": "P1", "service_item": "S1", "category": "legal"}
    with vr.Ledger(nx) as ledger, duckdb.connect() as database:
        for when, who in (("2017-03-01T10:00", "E1"), ("2017-05-01T10:00", "E2")):
            held = {**carries, "enterprise": who}
            ledger.enter("voucher", f"V{who}", "issue", when, amount=2000, carries=held)
        ledger.enter("voucher", "VE1", "settle", "2017-06-01T10:00", amount="500元")
        database.execute("CREATE TABLE entries (text VARCHAR)")
        texts = [(write_entry(entry),) for entry in ledger.entries]
        database.executemany("INSERT INTO entries VALUES (?)", texts)
        database.execute(f"CREATE TABLE events AS {vr.sql_events(nx, dialect='duckdb')}")
        database.execute(
            """CREATE TABLE cases AS SELECT 'V' || who AS key, 'V' || who AS thing,
            TIMESTAMP '2017-07-01 01:00:00' AS "at", who AS "of.enterprise",
            'P1' AS "of.provider", 'S1' AS "of.service_item",
            DATE '2017-03-01' AS "voucher.issued_on", DATE '2017-07-01' AS "settlement.date"
            FROM (VALUES ('E1'), ('E2'), ('E3')) AS t(who)"""
        )
        code = vr.sql_balances(nx, "settle", dialect="duckdb")
        reads = [x.name for x in code.reads]
        have = {x[0] for x in database.execute("DESCRIBE cases").fetchall()}
        assert set(reads) <= have
        told = database.sql(f"FROM {code.relation}")
        rows = {row[0]: dict(zip(told.columns, row, strict=True)) for row in told.fetchall()}
        for who in ("E1", "E2"):
            asked = ledger.consider("settle", {}, "2017-07-01T09:00", thing=f"V{who}")
            said = {x.name: x.value for x in asked.balances}
            for name in ("ledger.used_for_item", "ledger.used_this_year", "voucher.face_value"):
                yuan, fen = divmod(rows[f"V{who}"][name], 100)
                assert f"{yuan}.{fen:02}" == said[name]
        assert [rows[f"V{x}"]["ledger.used_this_year"] for x in ("E1", "E2", "E3")] == [50000, 0, 0]
        bare = vr.sql(nx, "settle", dialect="duckdb", relation="told", on="2017-07-01")
        assert {x.name for x in code.gives} <= {x.name for x in bare.reads}


# -- what is refused -------------------------------------------------------------------------------

REASONS = {
    "ledger.audited": "parts that entered a state on days of their own",
    "ledger.other_kinds": "values or days without those of the thing decided about",
    "ledger.visits_this_year": "a day that changes when a thing comes back",
    "ledger.owed": "parts of a thing that may come back to a state",
    "ledger.of_group": "everyone in the same group",
}


def test_what_no_window_tells_is_refused_with_its_reason_and_name() -> None:
    code = vr.sql_balances(load("invented-tank"), "claim", dialect="duckdb")
    assert {x.path for x in code.refused} == REASONS.keys()
    for item in code.refused:
        assert item.code == "no-balance-sql"
        assert REASONS[item.path] in item.message("en")
        assert not item.message("zh").isascii()
        assert REASONS[item.path] not in item.message("zh")


@pytest.mark.parametrize(
    ("name", "decision", "balance", "reason"),
    [
        ("invented-places", "claim", "vouchers", "a list of records"),
        ("cn-bj-service-voucher", "claim", "pool.funds_left", "what is left of a pool"),
        ("invented-voucher", "claim", "ledger.joint", "across other rulesets"),
    ],
)
def test_lists_pools_and_other_rulesets_are_refused(
    name: str, decision: str, balance: str, reason: str
) -> None:
    code = vr.sql_balances(load(name), decision, dialect="spark")
    assert [reason in x.message() for x in code.refused if x.path == balance] == [True]


def test_where_nothing_can_be_told_all_of_it_is_said() -> None:
    grant = vr.load("invented-grant", folders=[LEDGERS])
    with pytest.raises(vr.InputError, match="no-balance-sql") as refused:
        vr.sql_balances(grant, "claim", dialect="duckdb")
    assert [x.path for x in refused.value.diagnostics] == ["ledger.before"]
    with pytest.raises(vr.InputError, match="no-balances"):
        vr.sql_balances(vr.load("cn-nx-service-voucher"), "supervision_fee", dialect="duckdb")


@pytest.mark.parametrize("key", ["ledger.open", "vr_t", "VR_w"])
def test_keys_are_called_like_nothing_else(key: str) -> None:
    with pytest.raises(vr.InputError, match="key-like-result"):
        vr.sql_balances(load("invented-tank"), "claim", dialect="duckdb", keys=[key])


def test_a_name_that_postgresql_would_cut_is_refused() -> None:
    text = TANK.read_text(encoding="utf-8").replace("ledger.open", f"ledger.{'o' * 60}")
    text = text.replace("  open: {sum", f"  {'o' * 60}: {{sum")
    with TemporaryDirectory() as folder:
        path = Path(folder, "invented-tank", "1.yaml")
        path.parent.mkdir()
        path.write_text(text, encoding="utf-8")
        long = vr.load(path)
    vr.sql_balances(long, "claim", dialect="duckdb")
    with pytest.raises(vr.InputError, match="too long"):
        vr.sql_balances(long, "claim", dialect="postgresql")


def test_a_dialect_that_is_none_and_a_moment_without_a_zone_are_refused() -> None:
    tank = load("invented-tank")
    for call in (vr.sql_events, lambda x, dialect: vr.sql_balances(x, "claim", dialect=dialect)):
        with pytest.raises(vr.InputError, match="not-one-of"):
            call(tank, dialect="other")
    for known in (datetime(2024, 1, 1), "2024"):  # noqa: DTZ001 - without a zone on purpose
        with pytest.raises(vr.InputError):
            vr.sql_balances(tank, "claim", dialect="duckdb", known=known)
