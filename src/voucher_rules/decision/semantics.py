"""Comes in: a decision. Goes out: the number of what rules mean, apart from the package's version.

It rises with any change that could make the same facts under the same ruleset come out otherwise,
or be traced otherwise; mending a text, a speed or a door leaves it alone. From version 1.0 on the
package keeps every number it ever had.
"""

from __future__ import annotations

from typing import Final

from voucher_rules.decision.law import is_start_unknown
from voucher_rules.decision.result import DecisionResult

SEMANTICS: Final = 2
SUPPORTED: Final = frozenset({1, 2})
UNDATED_IS_OPEN: Final = 2
"""From this number on it is not known whether a document is in force that states no first day."""


def find_semantics(result: DecisionResult) -> int:
    """Return the least number under which a decision comes out like this.

    Whatever a later number changed nothing of keeps the number it always had, and its bytes.
    """
    rests = is_start_unknown(result.ruleset, result.options) or result.ruleset.document.start_stated
    return UNDATED_IS_OPEN if rests else 1
