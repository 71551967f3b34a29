"""Comes in: tables of applications. Goes out: a failure where a queue is served or told wrongly."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import pytest
from cli_runner import Done, Run, run

__all__ = ["run"]  # fixture

RULESETS: Final = Path(__file__).resolve().parents[1] / "ledger" / "rulesets"
MONEY: Final = """\
ruleset: invented-voucher
events:
  - {at: 2024-01-03T09:00, pool: funds, amount: 5万元, day: 2024-01-01,
     envelope: {category: training}}
"""
ADMITTED: Final = """\
  - {at: 2024-01-03T08:00, lifecycle: admission, thing: P1, event: admit, carries: {provider: P1}}
"""
HEAD: Final = (
    "thing,at,of.enterprise,of.provider,contract.amount,service.category,claim.at,"
    "term.opens,term.closes"
)


def row(thing: str, minute: int, enterprise: str, amount: str) -> str:
    at = f"2024-02-01T09:{minute:02}"
    return f"{thing},{at},{enterprise},P1,{amount},training,{at},none,none"


def table(*rows: str) -> str:
    return "\n".join([HEAD, *rows]) + "\n"


QUEUE: Final = table(
    row("V1", 1, "E1", "6万元"),
    row("V2", 2, "E2", "8万元"),
    row("V3", 3, "E3", "1万元"),
    row("V4", 4, "E4", ""),
)


class Office:
    """A ledger with money in it, and queues served from it."""

    def __init__(self, run: Run, folder: Path) -> None:
        self.run = run
        self.folder = folder
        self.ledger = str(folder / "v.jsonl")
        self.enter(MONEY + ADMITTED)

    def enter(self, text: str) -> Done:
        return self.run("enter", self.ledger, self.write("e.yaml", text), *self.folders)

    @property
    def folders(self) -> tuple[str, str]:
        return ("--rulesets", str(RULESETS))

    def write(self, name: str, text: str) -> str:
        (self.folder / name).write_text(text, encoding="utf-8")
        return str(self.folder / name)

    def serve(self, text: str, *words: str, name: str = "q.csv", lang: str = "en") -> Done:
        asked = ("invented-voucher", "claim", self.write(name, text), "--ledger", self.ledger)
        return self.run("allocate", *asked, *self.folders, *words, lang=lang)

    def read(self, text: str, *words: str, name: str = "q.csv") -> dict[str, Any]:
        done = self.serve(text, *words, "--format", "json", name=name)
        found: dict[str, Any] = json.loads(done.out)
        return found

    def count(self) -> int:
        listed = self.run("ledger", self.ledger, "--entries", "--format", "json", *self.folders)
        return len(json.loads(listed.out))


@pytest.fixture
def office(run: Run, tmp_path: Path) -> Office:
    return Office(run, tmp_path)


def tell(data: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(x["application"], x["place"], x["granted"]) for x in data["placements"]]


SERVED: Final = [
    ("V1", "granted", "30000.00"),
    ("V2", "cut", "20000.00"),
    ("V3", "waiting", "0.00"),
    ("V4", "not_granted", "0.00"),
]


class TestServing:
    def test_each_is_served_in_turn_until_the_money_ends(self, office: Office) -> None:
        data = office.read(QUEUE)
        assert tell(data) == SERVED
        (ran_out,) = data["ran_out"]
        assert (ran_out["application"], ran_out["at"]) == ("V2", "2024-02-01T01:02:00.000000Z")
        assert (ran_out["entitled"], ran_out["left_before"]) == ("40000.00", "20000.00")
        assert [(x["application"], x["entitled"]) for x in data["short"]] == [("V3", "5000.00")]
        (sums,) = data["sums"]
        told = (sums["put"], sums["granted"], sums["released"], sums["left"], sums["books"])
        assert told == ("50000.00", "50000.00", "0.00", "0.00", "0.00")
        assert data["adds_up"] is True
        assert "contract.amount" in data["placements"][3]["missing"]

    def test_it_is_told_in_both_languages(self, office: Office) -> None:
        told = office.serve(QUEUE)
        assert (told.code, told.err) == (0, "nothing was entered; --enter enters it\n")
        assert "the first to find too little:" in told.out
        assert "waiting only for lack of money:" in told.out
        assert "missing: contract price" in told.out
        chinese = office.serve(QUEUE, lang="zh").out
        assert "最先遇到资金不足的：" in chinese
        assert "仅因资金不足列入候补的：" in chinese
        assert "相符" in chinese

    def test_considered_nothing_is_entered_and_entered_all_is(self, office: Office) -> None:
        office.serve(QUEUE)
        assert office.count() == 2
        data = office.read(QUEUE, "--enter")
        assert data["entries"] == [f"e{number}" for number in range(3, 10)]
        assert office.count() == 9
        things = office.run("ledger", office.ledger, "--thing", "V3", *office.folders, lang="en")
        assert "waiting since 2024-02-01T09:03:00+08:00" in things.out

    def test_at_one_moment_all_are_ranked_and_need_state_none(self, office: Office) -> None:
        head = HEAD.replace(",at,", ",")
        rows = [
            f"V{number},E{number},P1,6万元,training,2024-02-0{9 - number}T09:00,none,none"
            for number in (1, 2)
        ]
        data = office.read("\n".join([head, *rows]), "--at", "2024-03-01T09:00")
        assert tell(data) == [("V2", "granted", "30000.00"), ("V1", "cut", "20000.00")]
        assert {x["at"] for x in data["placements"]} == {"2024-03-01T01:00:00.000000Z"}

    def test_what_happens_in_between_calls_up_who_waits(self, office: Office) -> None:
        events = """\
ruleset: invented-voucher
events:
  - {at: 2024-02-01T12:00, pool: funds, amount: 5000元, day: 2024-01-01, added: true,
     envelope: {category: training}}
"""
        data = office.read(QUEUE, "--events", office.write("more.yaml", events))
        called = [x for x in data["placements"] if x["supersedes"]]
        assert [(x["application"], x["place"]) for x in called] == [("V3", "granted")]
        assert data["short"] == []

    def test_without_a_ledger_the_money_comes_from_the_events(
        self, run: Run, office: Office
    ) -> None:
        words = ("invented-voucher", "claim", office.write("q.csv", QUEUE), "--format", "json")
        # The file may leave out the ruleset: it is that of the queue, whatever is counted across.
        events = (MONEY + ADMITTED).removeprefix("ruleset: invented-voucher\n")
        money = ("--events", office.write("m.yaml", events))
        done = run("allocate", *words, *money, *office.folders)
        assert tell(json.loads(done.out)) == SERVED
        done = run("allocate", *words, *office.folders, "--enter")
        assert (done.code, "ledger-unnamed" in done.err) == (3, True)

    def test_money_nobody_set_limits_nothing_and_is_told(self, run: Run, office: Office) -> None:
        words = ("invented-voucher", "claim", office.write("q.csv", QUEUE))
        admitted = office.write("a.yaml", f"ruleset: invented-voucher\nevents:\n{ADMITTED}")
        done = run("allocate", *words, "--events", admitted, *office.folders, lang="en")
        assert "nobody said how much money there is (training); nothing limits it" in done.out
        assert "the money sufficed for all" in done.out

    def test_sums_that_do_not_add_up_are_told_by_the_exit_code(self, office: Office) -> None:
        office.serve(QUEUE, "--enter")
        less = MONEY.replace("5万元", "4万元").replace("01-03T", "02-01T1")
        office.enter(less.replace("T109:00", "T10:00"))
        done = office.serve(table(row("V9", 9, "E9", "1万元").replace("T09:", "T11:")))
        assert (done.code, "do not agree" in done.out) == (1, True)

    def test_facts_that_all_have_in_common_stand_once(self, office: Office) -> None:
        shared = office.write("all.yaml", "service.category: training\ncontract.amount: 1万元\n")
        text = QUEUE.replace(",training,", ",,")
        data = office.read(text, "--facts", shared)
        assert tell(data)[:3] == SERVED[:3]
        wrong = office.write("all.yaml", "service.category: dancing\n")
        done = office.serve(text, "--facts", wrong)
        assert (done.code, done.err.count("service.category")) == (3, 1)

    def test_known_then(self, office: Office) -> None:
        office.enter(
            MONEY.replace("5万元", "1万元").replace("01-03T", "01-04T")
            + "known: 2024-06-01T09:00\n"
        )
        then = office.read(QUEUE, "--known", "2024-05-01T09:00")
        assert tell(then) == SERVED
        assert tell(office.read(QUEUE))[0] == ("V1", "cut", "10000.00")
        late = office.serve(QUEUE, "--known", "2024-05-01T09:00", "--enter")
        assert (late.code, "--known: known-runs-backwards" in late.err) == (3, True)
        assert office.count() == 3


def test_a_decision_that_itself_reads_what_is_left_is_told_as_limited(
    run: Run, office: Office
) -> None:
    text = (RULESETS / "invented-voucher" / "1.yaml").read_text(encoding="utf-8")
    note = "      - {id: nothing_left, "
    cap = (
        "      - {id: money_left, topic: cap, for: claim, limits: voucher.amount, "
        "at_most: pool.funds_left, says: {zh: 不超过余额, en: no more than is left}}\n"
    )
    ruleset = office.write("capped.yaml", text.replace(note, cap + note))
    asked = (ruleset, "claim", office.write("q.csv", QUEUE), "--ledger", office.ledger)
    told = run("allocate", *asked, *office.folders, lang="en")
    assert "granted, no more than what was left" in told.out
    assert "denied, for no money was left" in told.out
    assert "the money sufficed for all" not in told.out
    data = json.loads(run("allocate", *asked, *office.folders, "--format", "json").out)
    assert [x["limited"] for x in data["placements"]] == [False, True, True, True]
    assert [x["granted"] for x in data["placements"]][:3] == ["30000.00", "20000.00", "0.00"]


class TestForms:
    @pytest.mark.parametrize("suffix", ["jsonl", "yaml", "json"])
    def test_every_form_says_the_same(self, office: Office, suffix: str) -> None:
        listed = []
        for line in QUEUE.splitlines()[1:]:
            cells = dict(zip(HEAD.split(","), line.split(","), strict=True))
            of = {key[3:]: cells[key] for key in ("of.enterprise", "of.provider")}
            given = {key: cells[key] for key in HEAD.split(",")[4:] if cells[key]}
            listed.append({"thing": cells["thing"], "at": cells["at"], "of": of, "given": given})
        whole = json.dumps({"applications": listed}, ensure_ascii=False)
        whole = whole.replace('"', "") if suffix == "yaml" else whole
        text = "\n".join(map(json.dumps, listed)) if suffix == "jsonl" else whole
        assert tell(office.read(text, name=f"q.{suffix}")) == SERVED

    def test_a_cell_in_brackets_holds_more_than_a_word(self, office: Office) -> None:
        text = QUEUE.replace("6万元", '"{value: 6万元, source: 合同}"')
        assert tell(office.read(text)) == SERVED

    def test_every_mistake_is_told_at_its_cell_and_nothing_is_served(self, office: Office) -> None:
        rows = [
            row("V1", 1, "E1", "6吨"),
            row("V1", 2, "E2", "[1"),
            row("V3", 3, "E3", "1万元").replace("2024-02-01T09:03,E3", "yesterday,E3"),
        ]
        broken = office.serve(table(*rows), "--enter").err
        assert f"{office.folder}/q.csv:3:27: yaml-syntax" in broken
        done = office.serve(table(*rows).replace("[1", "2万元"), "--enter")
        found = [line for line in done.err.splitlines() if line.startswith(str(office.folder))]
        places = [line.removeprefix(f"{office.folder}/q.csv:").split(": ")[:2] for line in found]
        assert places == [
            ["2:27", "unit-unknown"],
            ["3:1", "application-twice"],
            ["4:4", "not-an-instant"],
        ]
        assert done.code == 3
        assert office.count() == 2

    @pytest.mark.parametrize(
        ("text", "told"),
        [
            ("thing,contract.amount\nV1,6万元\n", "q.csv:2:1: application-without-moment"),
            ("at,contract.amount\n2024-02-01T09:00,6万元\n", "q.csv:2:1: missing-key"),
            ("thing,at,contrakt.amount\nV1,2024-02-01T09:00,6万元\n", "q.csv:1:10: unknown-fact"),
            ("thing,at,of.firm\nV1,2024-02-01T09:00,E1\n", "V1: unknown-carried"),
            (HEAD, "too-few"),
        ],
    )
    def test_what_cannot_be_read_is_refused(self, office: Office, text: str, told: str) -> None:
        done = office.serve(text)
        assert (done.code, told in done.err) == (3, True)

    def test_what_the_history_refuses_is_told_by_the_application(self, office: Office) -> None:
        office.serve(QUEUE, "--enter")
        done = office.serve(
            table(row("V9", 8, "E9", "1万元"), row("V1", 9, "E1", "1万元")), "--enter"
        )
        assert (done.code, "V1: thing: thing-lives-already" in done.err) == (3, True)
        assert office.count() == 9

    @pytest.mark.parametrize(
        ("words", "code"),
        [
            (("--pool", "fund"), "unknown-pool"),
            (("--reading", "x=y"), "unknown-reading"),
            (("--at", "soon"), "not-an-instant"),
        ],
    )
    def test_options_that_name_nothing_are_refused(
        self, office: Office, words: tuple[str, ...], code: str
    ) -> None:
        done = office.serve(QUEUE, *words)
        assert (done.code, code in done.err) == (3, True)

    def test_a_pool_must_be_named_where_none_or_several_could_pay(
        self, run: Run, office: Office
    ) -> None:
        done = run("allocate", "invented-voucher", "accept", "q.csv", *office.folders, lang="en")
        assert (done.code, "--pool: pool-unnamed" in done.err) == (3, True)
