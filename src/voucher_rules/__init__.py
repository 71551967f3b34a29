"""Government support measures as checked, cited, executable rulesets.

>>> import voucher_rules as vr
>>> ruleset = vr.load("cn-nx-service-voucher")
>>> decision = ruleset.decide("claim", {"contract.amount": "4000元"}, on="2017-03-01")
>>> decision.outcome == "undetermined"
True
"""

import importlib
import typing

from voucher_rules import front

if typing.TYPE_CHECKING:
    from voucher_rules.api import (
        Amount,
        Catalog,
        Decided,
        Decision,
        Found,
        OtherReading,
        Ruleset,
        catalog,
        coverage,
        draft,
        load,
        report,
    )
    from voucher_rules.api.allocations import Allocation
    from voucher_rules.api.amending import Dated
    from voucher_rules.api.balances import sql_balances, sql_events
    from voucher_rules.api.batches import BatchReport, decide_table, open_batch
    from voucher_rules.api.bundles import BundleReport, check_bundle, make_bundle
    from voucher_rules.api.comparing import Comparison, compare
    from voucher_rules.api.counterfactuals import Counterfactual, FactChange, counterfactual
    from voucher_rules.api.exhausting import Exhausted, exhaust
    from voucher_rules.api.frames import FrameReport, decide_frame
    from voucher_rules.api.indicators import LedgerIndicator, audit
    from voucher_rules.api.keys import list_keys
    from voucher_rules.api.ledger import Ledger
    from voucher_rules.api.ledger_decisions import LedgerDecision
    from voucher_rules.api.log_entries import LogEntry, RecordOptions
    from voucher_rules.api.populations import Population, evaluate
    from voucher_rules.api.proofs import (
        check_proof,
        compare_checkpoints,
        prove_entry,
        prove_growth,
    )
    from voucher_rules.api.questions import Wanted, at_least, at_most, exactly
    from voucher_rules.api.recorded_letters import letter
    from voucher_rules.api.records import RecordLog
    from voucher_rules.api.reforms import Reform, reform
    from voucher_rules.api.replays import impact, replay
    from voucher_rules.api.rulesets import rulesets
    from voucher_rules.api.sliders import Slider, Sliders, sliders
    from voucher_rules.api.statements import sql
    from voucher_rules.api.trials import Regimes, Trials, reading_study, regimes, sweep
    from voucher_rules.api.variations import Variation, vary
    from voucher_rules.batch.cases.joining import Records
    from voucher_rules.catalog.editions import Edition
    from voucher_rules.catalog.find import RulesetFile
    from voucher_rules.checked.cliffs import Cliff
    from voucher_rules.checked.mechanics import Rule
    from voucher_rules.checked.model import Provision, Superseded, Transition
    from voucher_rules.checked.symbols import (
        Change,
        Input,
        Notice,
        NoticeChange,
        Parameter,
        Reading,
    )
    from voucher_rules.compiled.history_code import SqlBalances
    from voucher_rules.compiled.sql_code import SqlCode
    from voucher_rules.decision.outcomes import Outcome
    from voucher_rules.decision.result import Caution, Deadline, Following, Missing, Overlay, Reason
    from voucher_rules.decision.trace import RuleResult, Status, Step
    from voucher_rules.diagnostics import Diagnostic
    from voucher_rules.differences.study import Difference, difference
    from voucher_rules.errors import (
        ConflictError,
        InputError,
        LedgerError,
        RecordError,
        RulesetError,
        RulesetNotFoundError,
        StoreError,
        VoucherRulesError,
    )
    from voucher_rules.explain.letters.model import LetterHead
    from voucher_rules.explain.showing import Shown
    from voucher_rules.intake.coverage import Coverage
    from voucher_rules.ledger.deadlines import Due
    from voucher_rules.ledger.entries import (
        Budgeted,
        Draft,
        Entry,
        Grouped,
        Made,
        Moved,
        Rested,
        Withdrawn,
    )
    from voucher_rules.ledger.funds import Fund
    from voucher_rules.ledger.history import History
    from voucher_rules.ledger.indicators.model import Settings as AuditSettings
    from voucher_rules.ledger.lots import Lot, Thing
    from voucher_rules.ledger.paying import Place
    from voucher_rules.ledger.placing import Placement
    from voucher_rules.ledger.trails import Trail
    from voucher_rules.program.build import Program
    from voucher_rules.record.entries import Key
    from voucher_rules.record.impact_reports import ImpactReport
    from voucher_rules.record.key_changes import LogKey
    from voucher_rules.record.key_pairs import load_signer, make_key_pair
    from voucher_rules.record.proof_checks import ProofReport
    from voucher_rules.record.reports import ReplayReport
    from voucher_rules.record.signing import Signer
    from voucher_rules.record.strays import StraySecret, erase_stray_secrets, find_stray_secrets
    from voucher_rules.sources.tree import Source
    from voucher_rules.synthetic.synthesise import Synthetic, synthesise
    from voucher_rules.values.model import NONE, OPEN, Mark, Period, PeriodUnit, Unknown
    from voucher_rules.whatif.changes import Barrier, Shift
    from voucher_rules.whatif.pieces import Piece, Turn
    from voucher_rules.whatif.regimes import Regime

__all__ = [
    "NONE",
    "OPEN",
    "Allocation",
    "Amount",
    "AuditSettings",
    "Barrier",
    "BatchReport",
    "Budgeted",
    "BundleReport",
    "Catalog",
    "Caution",
    "Change",
    "Cliff",
    "Comparison",
    "ConflictError",
    "Counterfactual",
    "Coverage",
    "Dated",
    "Deadline",
    "Decided",
    "Decision",
    "Diagnostic",
    "Difference",
    "Draft",
    "Due",
    "Edition",
    "Entry",
    "Exhausted",
    "FactChange",
    "Following",
    "Found",
    "FrameReport",
    "Fund",
    "Grouped",
    "History",
    "ImpactReport",
    "Input",
    "InputError",
    "Key",
    "Ledger",
    "LedgerDecision",
    "LedgerError",
    "LedgerIndicator",
    "LetterHead",
    "LogEntry",
    "LogKey",
    "Lot",
    "Made",
    "Mark",
    "Missing",
    "Moved",
    "Notice",
    "NoticeChange",
    "OtherReading",
    "Outcome",
    "Overlay",
    "Parameter",
    "Period",
    "PeriodUnit",
    "Piece",
    "Place",
    "Placement",
    "Population",
    "Program",
    "ProofReport",
    "Provision",
    "Reading",
    "Reason",
    "RecordError",
    "RecordLog",
    "RecordOptions",
    "Records",
    "Reform",
    "Regime",
    "Regimes",
    "ReplayReport",
    "Rested",
    "Rule",
    "RuleResult",
    "Ruleset",
    "RulesetError",
    "RulesetFile",
    "RulesetNotFoundError",
    "Shift",
    "Shown",
    "Signer",
    "Slider",
    "Sliders",
    "Source",
    "SqlBalances",
    "SqlCode",
    "Status",
    "Step",
    "StoreError",
    "StraySecret",
    "Superseded",
    "Synthetic",
    "Thing",
    "Trail",
    "Transition",
    "Trials",
    "Turn",
    "Unknown",
    "Variation",
    "VoucherRulesError",
    "Wanted",
    "Withdrawn",
    "at_least",
    "at_most",
    "audit",
    "catalog",
    "check_bundle",
    "check_proof",
    "compare",
    "compare_checkpoints",
    "counterfactual",
    "coverage",
    "decide_frame",
    "decide_table",
    "difference",
    "draft",
    "erase_stray_secrets",
    "evaluate",
    "exactly",
    "exhaust",
    "find_stray_secrets",
    "impact",
    "letter",
    "list_keys",
    "load",
    "load_signer",
    "make_bundle",
    "make_key_pair",
    "open_batch",
    "prove_entry",
    "prove_growth",
    "reading_study",
    "reform",
    "regimes",
    "replay",
    "report",
    "rulesets",
    "sliders",
    "sql",
    "sql_balances",
    "sql_events",
    "sweep",
    "synthesise",
    "vary",
]

_HOMES = {
    "api.allocations": ("Allocation",),
    "api.amending": ("Dated",),
    "api.balances": ("sql_balances", "sql_events"),
    "api.batches": (
        "BatchReport",
        "decide_table",
        "open_batch",
    ),
    "api.bundles": (
        "BundleReport",
        "check_bundle",
        "make_bundle",
    ),
    "api.comparing": (
        "Comparison",
        "compare",
    ),
    "api.counterfactuals": (
        "Counterfactual",
        "FactChange",
        "counterfactual",
    ),
    "api.decisions": (
        "Amount",
        "Decision",
        "OtherReading",
    ),
    "api.editions": (
        "Catalog",
        "Decided",
        "Found",
        "catalog",
    ),
    "api.exhausting": (
        "Exhausted",
        "exhaust",
    ),
    "api.frames": (
        "FrameReport",
        "decide_frame",
    ),
    "api.indicators": (
        "LedgerIndicator",
        "audit",
    ),
    "api.keys": ("list_keys",),
    "api.ledger": ("Ledger",),
    "api.ledger_decisions": ("LedgerDecision",),
    "api.log_entries": (
        "LogEntry",
        "RecordOptions",
    ),
    "api.populations": (
        "Population",
        "evaluate",
    ),
    "api.proofs": (
        "check_proof",
        "compare_checkpoints",
        "prove_entry",
        "prove_growth",
    ),
    "api.questions": (
        "Wanted",
        "at_least",
        "at_most",
        "exactly",
    ),
    "api.recorded_letters": ("letter",),
    "api.records": ("RecordLog",),
    "api.reforms": (
        "Reform",
        "reform",
    ),
    "api.replays": (
        "impact",
        "replay",
    ),
    "api.rulesets": (
        "Ruleset",
        "load",
        "report",
        "rulesets",
    ),
    "api.sliders": (
        "Slider",
        "Sliders",
        "sliders",
    ),
    "api.statements": ("sql",),
    "api.texts": (
        "coverage",
        "draft",
    ),
    "api.trials": (
        "Regimes",
        "Trials",
        "reading_study",
        "regimes",
        "sweep",
    ),
    "api.variations": (
        "Variation",
        "vary",
    ),
    "batch.cases.joining": ("Records",),
    "catalog.editions": ("Edition",),
    "catalog.find": ("RulesetFile",),
    "checked.cliffs": ("Cliff",),
    "checked.mechanics": ("Rule",),
    "checked.model": (
        "Provision",
        "Superseded",
        "Transition",
    ),
    "checked.symbols": (
        "Change",
        "Input",
        "Notice",
        "NoticeChange",
        "Parameter",
        "Reading",
    ),
    "compiled.history_code": ("SqlBalances",),
    "compiled.sql_code": ("SqlCode",),
    "decision.outcomes": ("Outcome",),
    "decision.result": (
        "Caution",
        "Deadline",
        "Following",
        "Missing",
        "Overlay",
        "Reason",
    ),
    "decision.trace": (
        "RuleResult",
        "Status",
        "Step",
    ),
    "diagnostics": ("Diagnostic",),
    "differences.study": (
        "Difference",
        "difference",
    ),
    "errors": (
        "ConflictError",
        "InputError",
        "LedgerError",
        "RecordError",
        "RulesetError",
        "RulesetNotFoundError",
        "StoreError",
        "VoucherRulesError",
    ),
    "explain.letters.model": ("LetterHead",),
    "explain.showing": ("Shown",),
    "intake.coverage": ("Coverage",),
    "ledger.deadlines": ("Due",),
    "ledger.entries": (
        "Budgeted",
        "Draft",
        "Entry",
        "Grouped",
        "Made",
        "Moved",
        "Rested",
        "Withdrawn",
    ),
    "ledger.funds": ("Fund",),
    "ledger.history": ("History",),
    "ledger.indicators.model": ("Settings as AuditSettings",),
    "ledger.lots": (
        "Lot",
        "Thing",
    ),
    "ledger.paying": ("Place",),
    "ledger.placing": ("Placement",),
    "ledger.trails": ("Trail",),
    "program.build": ("Program",),
    "record.entries": ("Key",),
    "record.impact_reports": ("ImpactReport",),
    "record.key_changes": ("LogKey",),
    "record.key_pairs": (
        "load_signer",
        "make_key_pair",
    ),
    "record.proof_checks": ("ProofReport",),
    "record.reports": ("ReplayReport",),
    "record.signing": ("Signer",),
    "record.strays": (
        "StraySecret",
        "erase_stray_secrets",
        "find_stray_secrets",
    ),
    "sources.tree": ("Source",),
    "synthetic.synthesise": (
        "Synthetic",
        "synthesise",
    ),
    "values.model": (
        "NONE",
        "OPEN",
        "Mark",
        "Period",
        "PeriodUnit",
        "Unknown",
    ),
    "whatif.changes": (
        "Barrier",
        "Shift",
    ),
    "whatif.pieces": (
        "Piece",
        "Turn",
    ),
    "whatif.regimes": ("Regime",),
}

if not typing.TYPE_CHECKING:  # a checker knows the names above, and no others
    __getattr__, __dir__ = front.open_front(__name__, _HOMES)
    # A package has the name of a function. It takes that name when it is first imported, and never
    # again: here, where the name can be given back.
    importlib.import_module("voucher_rules.catalog")
    del globals()["catalog"]
