"""Comes in: nothing. Goes out: the text of every diagnostic by its code, in Chinese and English."""

from collections.abc import Mapping
from typing import Final

from voucher_rules.diagnostic_texts.bundles import BUNDLES
from voucher_rules.diagnostic_texts.checkpoints import CHECKPOINTS
from voucher_rules.diagnostic_texts.editions import EDITIONS
from voucher_rules.diagnostic_texts.expressions import EXPRESSIONS
from voucher_rules.diagnostic_texts.facts import FACTS
from voucher_rules.diagnostic_texts.finding import FINDING
from voucher_rules.diagnostic_texts.histories import HISTORIES
from voucher_rules.diagnostic_texts.intake import INTAKE
from voucher_rules.diagnostic_texts.keys import KEYS
from voucher_rules.diagnostic_texts.ledger import LEDGER
from voucher_rules.diagnostic_texts.letters import LETTERS
from voucher_rules.diagnostic_texts.model import DiagnosticText
from voucher_rules.diagnostic_texts.names import NAMES
from voucher_rules.diagnostic_texts.notices import NOTICES
from voucher_rules.diagnostic_texts.options import OPTIONS
from voucher_rules.diagnostic_texts.provisions import PROVISIONS
from voucher_rules.diagnostic_texts.reading import READING
from voucher_rules.diagnostic_texts.record import RECORD
from voucher_rules.diagnostic_texts.recording import RECORDING
from voucher_rules.diagnostic_texts.shape import SHAPE
from voucher_rules.diagnostic_texts.stores import STORES
from voucher_rules.diagnostic_texts.structure import STRUCTURE
from voucher_rules.diagnostic_texts.tables import TABLES
from voucher_rules.diagnostic_texts.values import VALUES
from voucher_rules.diagnostic_texts.whatifs import WHAT_IFS

DIAGNOSTIC_TEXTS: Final[Mapping[str, DiagnosticText]] = {
    **READING,
    **VALUES,
    **EXPRESSIONS,
    **SHAPE,
    **NAMES,
    **STRUCTURE,
    **PROVISIONS,
    **HISTORIES,
    **NOTICES,
    **EDITIONS,
    **FACTS,
    **FINDING,
    **INTAKE,
    **LEDGER,
    **STORES,
    **LETTERS,
    **RECORD,
    **RECORDING,
    **CHECKPOINTS,
    **KEYS,
    **OPTIONS,
    **BUNDLES,
    **TABLES,
    **WHAT_IFS,
}

__all__ = ["DIAGNOSTIC_TEXTS", "DiagnosticText"]
