"""Comes in: how a command went. Goes out: what it prints and the exit code that says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

DONE: Final = 0
FAULTS: Final = 1
USAGE: Final = 2
REFUSED: Final = 3
NO_RULESET: Final = 4
MISMATCH: Final = 20
NOT_SOUND: Final = 21
CANNOT_REPLAY: Final = 22
INTERNAL: Final = 70
INTERRUPTED: Final = 130

OUTCOME_CODES: Final[Mapping[str, int]] = {
    "granted": DONE,
    "determined": DONE,
    "denied": 10,
    "referred": 11,
    "undetermined": 12,
    "not_in_force": 13,
}
"""By the name of the outcome, so that no decision need be imported to know them."""

EPILOG: Final = """\
exit codes:
    0  the command succeeded; of decide, decide-again and letter: granted or determined;
       of replay: all decisions came out again the same
    1  check, test, limits or coverage found faults, or nothing to look at;
       mutate: not all is noticed; audit: there is something to look at;
       allocate: the money does not add up
    2  the command line is not used as described here
    3  facts, options, texts, or entries of a ledger or of a log were refused
    4  the ruleset was refused or not found
   10  decide, decide-again and letter: denied
   11  the same: referred to a person
   12  the same: undetermined, facts are missing
   13  the same: the measure is not in force on that day
   20  replay, check-bundle: all is sound, and some decision came out otherwise;
       compare: the two decisions differ
   21  replay, log, check-bundle: not all is sound, or not complete
   22  replay, check-bundle: all is sound, and some decision could not be taken again
   70  an internal error, please report it
  130  interrupted

Results go to standard output, messages to standard error, both in UTF-8.
"""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command has to say: ``text`` is its result, ``messages`` are for whoever ran it."""

    text: str = ""
    code: int = DONE
    messages: str = ""
