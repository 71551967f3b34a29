"""Comes in: ledgers on the command line. Goes out: a failure where one is shown or kept wrongly."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import pytest
from cli_runner import Done, Run, run

import voucher_rules as vr

__all__ = ["run"]  # fixture

RULESETS: Final = Path(__file__).resolve().parents[1] / "ledger" / "rulesets"
START: Final = """\
ruleset: invented-voucher
events:
  - {at: 2024-01-03T09:00, pool: funds, amount: 100万元, day: 2024-01-01,
     envelope: {category: training}}
  - {at: 2024-01-05T10:00, lifecycle: admission, thing: P1, event: admit, carries: {provider: P1}}
"""
CLAIM: Final = """\
contract.amount: 6万元
service.category: training
claim.at: 2024-02-01T09:00
term.opens: none
term.closes: none
"""


class Desk:
    """Commands on one ledger, in a folder of its own."""

    def __init__(self, run: Run, folder: Path) -> None:
        self.run = run
        self.folder = folder
        self.ledger = str(folder / "v.jsonl")

    def write(self, name: str, text: str) -> str:
        (self.folder / name).write_text(text, encoding="utf-8")
        return str(self.folder / name)

    def ask(self, command: str, *words: str, lang: str = "en") -> Done:
        return self.run(command, self.ledger, *words, "--rulesets", str(RULESETS), lang=lang)

    def decide(self, *words: str, facts: str = CLAIM, at: str = "2024-02-01T09:00") -> Done:
        named = ("--facts", self.write("facts.yaml", facts), "--rulesets", str(RULESETS))
        asked = (
            "--ledger",
            self.ledger,
            "--at",
            at,
            "--of",
            "enterprise=E1",
            "--of",
            "provider=P1",
        )
        return self.run("decide", "invented-voucher", "claim", *named, *asked, *words)

    def list_entries(self) -> list[str]:
        return [
            item["id"]
            for item in json.loads(self.ask("ledger", "--entries", "--format", "json").out)
        ]


@pytest.fixture
def desk(run: Run, tmp_path: Path) -> Desk:
    made = Desk(run, tmp_path)
    assert made.ask("enter", made.write("start.yaml", START)).code == 0
    return made


class TestEnter:
    def test_the_entries_made_are_shown(self, run: Run, tmp_path: Path) -> None:
        desk = Desk(run, tmp_path)
        done = desk.ask("enter", desk.write("start.yaml", START))
        assert (done.code, done.err) == (0, "entries made: 2\n")
        assert "e2     2024-01-05T10:00:00+08:00  admission of a provider P1: admitted" in done.out
        assert desk.list_entries() == ["e1", "e2"]

    @pytest.mark.parametrize(("lang", "shown"), [("zh", "30人"), ("en", "30")])
    def test_places_are_told_as_a_count(
        self, run: Run, tmp_path: Path, lang: str, shown: str
    ) -> None:
        desk = Desk(run, tmp_path)
        head = "ruleset: invented-places\nevents:\n"
        when = "at: 2024-01-02T09:00, day: 2024-01-01"
        put = f"{{{when}, pool: seats, amount: 30人, envelope: {{course: C}}}}"
        done = desk.ask("enter", desk.write("places.yaml", f"{head}  - {put}\n"), lang=lang)
        assert (done.code, shown in done.out.split()) == (0, True)
        assert desk.ask("ledger", lang=lang).out.split().count(shown) == 2
        (pool,) = json.loads(desk.ask("ledger", "--format", "json").out)["pools"]
        assert (pool["put"], pool["taken"], pool["left"]) == ("30", "0", "30")

    def test_a_mistake_is_told_at_its_place_and_nothing_is_entered(self, desk: Desk) -> None:
        path = desk.write("more.yaml", START.replace("funds", "fund"))
        done = desk.ask("enter", path)
        assert done.code == 3
        assert done.err.startswith(f"{path}:3:34: unknown-pool: ")
        assert desk.list_entries() == ["e1", "e2"]

    def test_what_the_history_refuses_is_told_at_its_place(self, desk: Desk) -> None:
        path = desk.write("more.yaml", START)
        done = desk.ask("enter", path, lang="zh")
        assert done.code == 3
        assert done.err.startswith(f"{path}:5:10: thing-opened-twice: ")
        assert desk.list_entries() == ["e1", "e2"]

    def test_when_it_became_known_may_be_told(self, desk: Desk) -> None:
        text = "events:\n  - {at: 2024-01-06T09:00, carried: enterprise, party: E1, group: G}\n"
        done = desk.ask("enter", desk.write("g.yaml", text), "--known", "2024-02-01T08:00")
        assert "2024-02-01T08:00:00+08:00  enterprise E1 joins the group G" in done.out

    def test_a_new_ledger_needs_a_ruleset_from_somewhere(self, run: Run, tmp_path: Path) -> None:
        desk = Desk(run, tmp_path)
        text = "events:\n  - {at: 2024-01-06T09:00, carried: enterprise, party: E1, group: G}\n"
        done = desk.ask("enter", desk.write("g.yaml", text))
        assert (done.code, "ledger-without-rulesets" in done.err) == (3, True)
        assert not Path(desk.ledger).exists()
        ruleset = str(RULESETS / "invented-voucher" / "1.yaml")
        assert desk.ask("enter", str(tmp_path / "g.yaml"), "--ruleset", ruleset).code == 0

    def test_one_only_counted_across_is_not_meant_until_it_is_named(self, desk: Desk) -> None:
        text = "  - {at: 2024-01-06T09:00, carried: enterprise, party: E1, group: G}\n"
        path = desk.write("g.yaml", f"events:\n{text}")
        grant = str(RULESETS / "invented-grant" / "1.yaml")
        refused = desk.ask("enter", path, "--ruleset", grant)
        assert (refused.code, "missing-key" in refused.err) == (3, True)
        assert desk.list_entries() == ["e1", "e2"]
        assert desk.ask("enter", path).code == 0
        assert desk.list_entries() == ["e1", "e2", "e3"]


class TestDecide:
    def test_considered_is_not_entered(self, desk: Desk) -> None:
        done = desk.decide("--thing", "V1")
        assert done.code == 0
        assert done.err.splitlines() == [
            "nothing was entered; --enter enters it",
            "what would follow: voucher V1: ordered CNY 30,000",
        ]
        assert desk.list_entries() == ["e1", "e2"]

    def test_entered_it_counts_in_the_next(self, desk: Desk) -> None:
        done = desk.decide("--thing", "V1", "--enter")
        assert done.err.splitlines()[0] == f"entered into {desk.ledger} as e3"
        later = CLAIM.replace("-01T09", "-02T09")
        second = desk.decide("--thing", "V2", facts=later, at="2024-02-02T09:00")
        told = "voucher V1: CNY 30,000, ordered since 2024-02-01T09:00:00+08:00 (entry e4)"
        assert told in second.out
        assert "voucher: CNY 20,000" in second.out

    def test_the_exit_code_tells_the_outcome_and_json_the_balances(self, desk: Desk) -> None:
        lines = CLAIM.replace("contract.amount: 6万元\n", "")
        done = desk.decide("--thing", "V1", "--format", "json", facts=lines)
        assert done.code == 12
        names = [item["name"] for item in json.loads(done.out)["balances"]]
        assert "ledger.used_this_year" in names

    def test_what_is_entered_undetermined_says_how_to_go_on(self, desk: Desk) -> None:
        lines = CLAIM.replace("contract.amount: 6万元\n", "")
        told = f"voucher-rules decide-again {desk.ledger} e3 …"
        assert told in desk.decide("--thing", "V1", "--enter", facts=lines).err
        assert "decide-again" not in desk.decide("--thing", "V1", facts=lines).err

    def test_what_cannot_follow_is_refused_and_nothing_is_entered(self, desk: Desk) -> None:
        assert desk.decide("--thing", "V1", "--enter").code == 0
        again = desk.decide("--thing", "V1", "--enter")
        assert (again.code, "thing-lives-already" in again.err) == (3, True)
        assert desk.list_entries() == ["e1", "e2", "e3", "e4"]

    def test_what_nobody_said_of_a_missing_balance_is_told(self, run: Run, desk: Desk) -> None:
        folders = ("--rulesets", str(RULESETS))
        named = ("--facts", desk.write("facts.yaml", CLAIM), *folders)
        asked = ("--ledger", desk.ledger, "--at", "2024-02-01T09:00", "--of", "provider=P1")
        done = run("decide", "invented-voucher", "claim", *named, *asked, lang="en")
        assert done.code == 12
        line = done.err.splitlines()[-1]
        assert line.startswith("nobody said which enterprise; so this is unknown: ")
        assert line.endswith("; say it with --of enterprise=…")
        assert done.err.count("--of enterprise=") == 1
        assert "--of provider=" not in done.err
        assert "--of" not in desk.decide("--thing", "V1").err

    def test_a_fact_that_only_tells_the_days_of_a_balance_is_asked_for(self, desk: Desk) -> None:
        lines = CLAIM.replace("term.opens: none\nterm.closes: none\n", "")
        done = desk.decide("--thing", "V1", facts=lines)
        assert done.code == 12
        opens, closes = done.err.splitlines()[-2:]
        assert opens.startswith("nobody stated first day of the term; so this is unknown: ")
        assert opens.endswith("; state the fact term.opens")
        assert closes.endswith("; state the fact term.closes")

    def test_a_thing_that_lives_is_not_opened_again_even_by_a_denial(self, desk: Desk) -> None:
        desk.decide("--thing", "V1", "--enter")
        nothing_left = CLAIM.replace("6万元", "20万元").replace("-01T09", "-02T09")
        desk.decide("--thing", "V2", "--enter", facts=nothing_left, at="2024-02-02T09:00")
        later = CLAIM.replace("-01T09", "-03T09")
        for words in ((), ("--enter",)):
            done = desk.decide("--thing", "V1", *words, facts=later, at="2024-02-03T09:00")
            told = "thing: thing-lives-already: there is a `voucher` `V1` already (entry e4); "
            assert (done.code, told in done.err) == (3, True)
        denied = desk.decide("--thing", "V3", facts=later, at="2024-02-03T09:00")
        assert denied.code == 10

    def test_by_what_was_known_then(self, desk: Desk) -> None:
        desk.decide("--thing", "V1", "--enter")
        text = "known: 2024-02-20T09:00\nevents:\n"
        text += "  - {at: 2024-02-01T10:00, lifecycle: voucher, thing: V1, event: refuse}\n"
        desk.ask("enter", desk.write("r.yaml", text))
        later = CLAIM.replace("-01T09", "-02T09")
        at = "2024-02-02T09:00"
        then = desk.decide("--thing", "V2", "--known", "2024-02-19T09:00", facts=later, at=at)
        now = desk.decide("--thing", "V2", facts=later, at=at)
        assert "voucher: CNY 20,000" in then.out
        assert "voucher: CNY 30,000" in now.out

    def test_a_balance_is_not_stated(self, desk: Desk) -> None:
        done = desk.decide("--thing", "V1", facts=f"{CLAIM}ledger.received: 0张\n")
        assert (done.code, "balance-stated" in done.err) == (3, True)

    def test_a_refused_fact_is_told_at_its_place(self, desk: Desk) -> None:
        done = desk.decide("--thing", "V1", facts=CLAIM.replace("6万元", "6吨"))
        assert done.code == 3
        assert done.err.startswith(f"{desk.folder / 'facts.yaml'}:1:18: ")

    @pytest.mark.parametrize(
        ("words", "code"),
        [
            (("--at", "2024-02-01T09:00"), "ledger-option-alone"),
            (("--enter",), "ledger-option-alone"),
            (("--of", "enterprise=E1"), "ledger-option-alone"),
            (("--ledger", "v.jsonl"), "ledger-without-moment"),
            (("--ledger", "v.jsonl", "--at", "x", "--all-readings"), "not-from-a-ledger"),
            (("--ledger", "v.txt", "--at", "2024-02-01T09:00"), "store-suffix-unknown"),
            (("--ledger", "v.jsonl", "--at", "2024-02-01T09:00"), "file-not-found"),
        ],
    )
    def test_options_that_do_not_go_together_are_refused(
        self, run: Run, tmp_path: Path, words: tuple[str, ...], code: str
    ) -> None:
        facts = tmp_path / "facts.yaml"
        facts.write_text(CLAIM, encoding="utf-8")
        named = ("--facts", str(facts), "--rulesets", str(RULESETS))
        done = run("decide", "invented-voucher", "claim", *named, *words)
        assert (done.code, code in done.err) == (3, True)


class TestFacts:
    @pytest.mark.parametrize(
        ("decision", "name", "told"),
        [
            ("claim", "ledger.used_this_year", "the ledger"),
            ("claim", "enterprise.barred_until", "the ledger"),
            ("claim", "pool.funds_left", "the ledger"),
            ("claim", "term.opens", "only for balances of a ledger"),
            ("accept", "order.at", "the ledger, of a thing there is"),
        ],
    )
    def test_what_a_ledger_has_to_do_with_a_fact_is_told(
        self, run: Run, decision: str, name: str, told: str
    ) -> None:
        done = run("facts", "invented-voucher", decision, "--rulesets", str(RULESETS), lang="en")
        (line,) = [x for x in done.out.splitlines() if x.startswith(f"{name} ")]
        assert line.endswith(f"  {told}")
        assert not any(
            x.startswith("contract.amount ") and told in x for x in done.out.splitlines()
        )

    def test_in_the_form_facts_only_for_balances_stand_behind_a_mark(self, run: Run) -> None:
        words = ("--rulesets", str(RULESETS), "--format", "yaml")
        lines = run("facts", "invented-voucher", "claim", *words, lang="en").out.splitlines()
        assert "# term.opens: unknown" in lines
        assert "contract.amount: unknown" in lines
        told = (
            "# only for balances of a ledger: to be stated where one is decided from, without the #"
        )
        assert told in lines


class TestDecideAgain:
    @pytest.fixture
    def decided(self, desk: Desk) -> Desk:
        assert desk.decide("--thing", "V1", "--enter").code == 0
        return desk

    def again(self, desk: Desk, *words: str, facts: str = "", lang: str = "en") -> Done:
        stated = ("--facts", desk.write("new.yaml", facts)) if facts else ()
        return desk.ask("decide-again", "e3", *stated, *words, lang=lang)

    def test_both_decisions_and_what_moved_are_told_and_nothing_is_entered(
        self, decided: Desk
    ) -> None:
        done = self.again(decided, facts="contract.amount: 5万元\n")
        assert (done.code, done.err) == (0, "nothing was entered; --enter enters it\n")
        lines = [" ".join(line.split()) for line in done.out.splitlines()]
        assert lines[0] == "claim on V1, taken again: e3 → e5"
        for told in (
            "voucher CNY 30,000 CNY 25,000",
            "contract price 6万元 5万元",
            "voucher V1: ordered CNY 30,000 CNY 25,000",
            "taken up by the enterprise this year (E1) CNY 30,000 CNY 25,000",
            "money of the year (training, 2024-01-01 to 2024-12-31): left CNY 970,000 CNY 975,000",
            "✓ granted",
        ):
            assert told in lines
        assert decided.list_entries() == ["e1", "e2", "e3", "e4"]

    def test_entered_it_takes_the_place_of_the_old_one(self, decided: Desk) -> None:
        done = self.again(
            decided, "--enter", "--known", "2024-03-01T09:00", facts="contract.amount: 5万元\n"
        )
        assert done.err == f"entered into {decided.ledger} as e5\n"
        life = decided.ask("ledger", "--thing", "V1").out
        assert "CNY 25,000, ordered since 2024-02-01T09:00:00+08:00" in life
        assert "superseded by e5" in life
        then = decided.ask("ledger", "--known", "2024-02-29T09:00").out
        assert "CNY 30,000" in then
        refused = self.again(decided, "--enter")
        assert (refused.code, "superseded-already" in refused.err) == (3, True)

    def test_turned_down_the_voucher_is_withdrawn_and_the_exit_code_says_so(
        self, decided: Desk
    ) -> None:
        text = "events:\n  - {at: 2024-01-20T09:00, withdraws: e2, because: 有误}\n"
        assert decided.ask("enter", decided.write("w.yaml", text)).code == 0
        done = self.again(decided, lang="zh")
        assert done.code == 10
        assert "决定已由 e6 替代" in done.out
        assert "服务券 V1：已下单" in done.out

    def test_json_holds_both(self, decided: Desk) -> None:
        done = self.again(decided, "--format", "json", facts="contract.amount: 5万元\n")
        data = json.loads(done.out)
        assert data["schema"] == "voucher-rules/decision-again/1"
        assert (data["superseded"]["id"], data["entry"]) == ("e3", "e5")
        assert data["decision"]["outcome"] == "granted"
        assert data["facts"] == [{"name": "contract.amount", "before": "6万元", "after": "5万元"}]
        moved = {x["name"]: (x["before"], x["after"]) for x in data["balances"]}
        assert moved["ledger.used_this_year"] == ("30000.00", "25000.00")
        (pool,) = data["pools"]
        assert (pool["before"]["left"], pool["after"]["left"]) == ("970000.00", "975000.00")
        assert [x["id"] for x in data["entries"]] == ["e5", "e6"]

    def test_on_the_same_facts_nothing_moves(self, decided: Desk) -> None:
        assert "nothing else moved" in self.again(decided).out

    @pytest.mark.parametrize(
        ("entry", "words", "code"),
        [
            ("e2", (), "no-such-decision"),
            ("e3", ("--edition", "9"), "edition-not-found"),
            ("e3", ("--reading", "x=y"), "unknown-reading"),
            ("e3", ("--at", "2024-01-31T09:00"), "supersedes-later-one"),
            ("e3", ("--known", "2024-01-31T09:00", "--enter"), "known-runs-backwards"),
        ],
    )
    def test_what_cannot_be_done_is_refused(
        self, decided: Desk, entry: str, words: tuple[str, ...], code: str
    ) -> None:
        done = decided.ask("decide-again", entry, *words)
        assert (done.code, code in done.err) == (3, True)

    def test_it_is_decided_under_the_edition_of_the_old_one(self, run: Run, decided: Desk) -> None:
        text = (RULESETS / "invented-voucher" / "1.yaml").read_text(encoding="utf-8")
        newer = text.replace('edition: "1"', 'edition: "2"')
        older = str(RULESETS / "invented-voucher" / "1.yaml")
        given = ("--ruleset", older, "--ruleset", decided.write("newer.yaml", newer))
        done = run("decide-again", decided.ledger, "e3", *given, "--format", "json")
        assert json.loads(done.out)["decision"]["ruleset"]["edition"] == "1"
        chosen = run("decide-again", decided.ledger, "e3", *given, "--edition", "2", lang="en")
        assert ["edition", "1", "2"] in [line.split() for line in chosen.out.splitlines()]


class TestShow:
    @pytest.mark.parametrize(
        ("lang", "told"),
        [("en", "  ordered  1       CNY 30,000"), ("zh", "  已下单  1     30,000元")],
    )
    def test_what_stands_is_told_in_both_languages(self, desk: Desk, lang: str, told: str) -> None:
        desk.decide("--thing", "V1", "--enter")
        assert told in desk.ask("ledger", lang=lang).out.splitlines()

    def test_money_and_decisions_are_told(self, desk: Desk) -> None:
        desk.decide("--thing", "V1", "--enter")
        out = desk.ask("ledger").out
        row = "  2024-01-01 to 2024-12-31  training  CNY 1,000,000  CNY 30,000  CNY 970,000"
        assert row in out.splitlines()
        assert "  claim     granted  1" in out.splitlines()

    def test_json_holds_the_same(self, desk: Desk) -> None:
        desk.decide("--thing", "V1", "--enter")
        data = json.loads(desk.ask("ledger", "--format", "json").out)
        assert (data["schema"], data["entries"]) == ("voucher-rules/ledger-state/1", 4)
        (pool,) = data["pools"]
        assert (pool["put"], pool["taken"], pool["left"]) == ("1000000.00", "30000.00", "970000.00")
        lots = {item["thing"]: item["lots"] for item in data["things"]}
        assert (lots["V1"][0]["state"], lots["V1"][0]["amount"]) == ("ordered", "30000.00")
        assert lots["P1"][0]["amount"] is None

    def test_what_stood_then_by_what_was_known(self, desk: Desk) -> None:
        desk.decide("--thing", "V1", "--enter")
        assert "ordered" not in desk.ask("ledger", "--at", "2024-02-01T08:59:59").out
        assert "ordered" in desk.ask("ledger", "--at", "2024-02-01T09:00").out
        assert "ordered" not in desk.ask("ledger", "--known", "2024-02-01T08:59:59").out

    def test_moments_that_were_asked_for_are_told_with_their_offset(self, desk: Desk) -> None:
        lines = desk.ask("ledger", "--at", "2024-02-01T09:00", "--known", "2024-02-02T00:00").out
        assert "as it stood at 2024-02-01T09:00:00+08:00" in lines.splitlines()
        assert "as known at 2024-02-02T00:00:00+08:00" in lines.splitlines()

    def test_the_editions_of_the_entries_are_told_where_another_heads_the_page(
        self, run: Run, desk: Desk
    ) -> None:
        text = (RULESETS / "invented-voucher" / "1.yaml").read_text(encoding="utf-8")
        newer = desk.write("newer.yaml", text.replace('edition: "1"', 'edition: "2"'))
        told = run("ledger", desk.ledger, "--ruleset", newer, lang="en").out.splitlines()
        head = told.index("invented-voucher 2: [Invented] Yunshang City service voucher")
        assert told[head + 1] == "its entries were made under: 1"
        assert "its entries were made under" not in desk.ask("ledger").out

    def test_the_life_of_a_thing_shows_corrections(self, desk: Desk) -> None:
        desk.decide("--thing", "V1", "--enter")
        text = "events:\n  - {at: 2024-02-01T10:00, withdraws: e4, because: a slip}\n"
        desk.ask("enter", desk.write("w.yaml", text))
        done = desk.ask("ledger", "--thing", "V1")
        assert done.out.startswith("what opened it was withdrawn\n")
        assert "withdrawn by e5" in done.out
        assert "e5     2024-02-01T10:00:00+08:00  withdraws e4" in done.out
        data = json.loads(desk.ask("ledger", "--thing", "V1", "--format", "json").out)
        assert (data["things"], [x["id"] for x in data["entries"]]) == ([], ["e3", "e4", "e5"])

    def test_a_thing_nobody_knows_is_refused_with_a_near_name(self, desk: Desk) -> None:
        desk.decide("--thing", "V100", "--enter")
        done = desk.ask("ledger", "--thing", "V10")
        assert done.code == 3
        assert "did you mean `V100`?" in done.err

    def test_a_ledger_that_is_not_there_or_none_is_refused(self, run: Run, tmp_path: Path) -> None:
        assert "file-not-found" in run("ledger", str(tmp_path / "v.jsonl")).err
        (tmp_path / "v.jsonl").write_text("{}\n", encoding="utf-8")
        done = run("ledger", str(tmp_path / "v.jsonl"))
        assert (done.code, "store-not-a-ledger" in done.err) == (3, True)

    def test_entries_of_a_ruleset_that_cannot_be_found_are_told(self, run: Run, desk: Desk) -> None:
        done = run("ledger", desk.ledger)
        assert (done.code, "ledger-ruleset-not-found" in done.err) == (4, True)
        assert "with --ruleset" in done.err


class TestTime:
    def test_the_calendar_tells_what_comes_by_itself_and_what_must_happen(self, desk: Desk) -> None:
        desk.decide("--thing", "V1", "--enter")
        lines = desk.ask("calendar").out.splitlines()
        assert lines[2].split("  ")[0] == "2024-02-03T09:00:00+08:00"
        assert "must happen by then" in lines[2]
        assert "comes by itself after it" in lines[3]
        assert lines[3].endswith("accepted within 48 hours (第六条)")

    @pytest.mark.parametrize(
        ("first", "last", "count"),
        [
            ("2024-02-03", "2024-02-03", 2),
            ("2024-02-04", "2024-02-29", 0),
            ("2024-01-01", "2024-02-02", 0),
        ],
    )
    def test_days_bound_it_both_included(
        self, desk: Desk, first: str, last: str, count: int
    ) -> None:
        desk.decide("--thing", "V1", "--enter")
        done = desk.ask("calendar", "--from", first, "--to", last, "--format", "json")
        assert len(json.loads(done.out)) == count

    @pytest.mark.parametrize(
        ("moment", "count"), [("2024-02-03T09:00:00", 0), ("2024-02-03T09:00:01", 1)]
    )
    def test_lapse_enters_what_came_by_itself(self, desk: Desk, moment: str, count: int) -> None:
        desk.decide("--thing", "V1", "--enter")
        done = desk.ask("lapse", "--at", moment, "--format", "json")
        assert len(json.loads(done.out)) == count
        assert len(desk.list_entries()) == 4 + count
        again = desk.ask("lapse", "--at", moment)
        assert (again.code, again.out, again.err) == (0, "", "nothing lapsed\n")

    def test_reading_writes_nothing(self, desk: Desk) -> None:
        desk.decide("--thing", "V1", "--enter")
        before = Path(desk.ledger).read_bytes()
        desk.ask("ledger")
        desk.ask("calendar")
        desk.decide("--thing", "V2", facts=CLAIM.replace("-01T09", "-09T09"), at="2024-02-09T09:00")
        assert Path(desk.ledger).read_bytes() == before


def test_sqlite_is_kept_the_same_way(run: Run, tmp_path: Path) -> None:
    desk = Desk(run, tmp_path)
    desk.ledger = str(tmp_path / "v.sqlite")
    desk.ask("enter", desk.write("start.yaml", START))
    desk.decide("--thing", "V1", "--enter")
    assert desk.list_entries() == ["e1", "e2", "e3", "e4"]
    ruleset = vr.load("invented-voucher", folders=[RULESETS])
    with vr.Ledger(ruleset, desk.ledger, read_only=True) as ledger:
        assert len(ledger.entries) == 4
