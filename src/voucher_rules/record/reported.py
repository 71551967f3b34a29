"""Comes in: a report as data. Goes out: its bytes, its digest, its page and its words."""

from __future__ import annotations

from abc import ABC, abstractmethod

from voucher_rules.arguments import check_language
from voucher_rules.explain.showing import Shown
from voucher_rules.record.canonical import PROFILE, Data, write_again
from voucher_rules.record.digests import DigestKind, digest_bytes
from voucher_rules.record.entries import Header


class LogReport(ABC):
    """A report of what a log was found to be, or of what another law would have made of it."""

    __slots__ = ()

    @property
    def written(self) -> bytes:
        """The canonical bytes of the report."""
        return write_again(self.to_data())

    @property
    def digest(self) -> str:
        """The digest that names the report."""
        return digest_bytes(DigestKind.REPORT, self.written)

    def html(self, language: str = "zh") -> str:
        """Return the report as one page that needs nothing else, in ``zh`` or ``en``.

        Raises ValueError for another language.
        """
        check_language(language)
        return self._lay_out(language)

    def summary(self, language: str = "zh") -> str:
        """Return the report in words, as lines of text, in ``zh`` or ``en``.

        Raises ValueError for another language.
        """
        check_language(language)
        return self._summarize(language)

    def show(self, language: str = "zh") -> Shown:
        """Return what a notebook shows of the report in a language, ``zh`` or ``en``.

        Raises ValueError for another language.
        """
        check_language(language)
        return Shown(self._lay_out_part(language), self._summarize(language))

    def _repr_html_(self) -> str:
        return self.show().html

    @abstractmethod
    def to_data(self) -> dict[str, Data]:
        """Return the report as canonical data; ``docs/reference/replay.md`` tells every field."""

    @abstractmethod
    def _lay_out(self, language: str) -> str: ...

    @abstractmethod
    def _lay_out_part(self, language: str) -> str: ...

    @abstractmethod
    def _summarize(self, language: str) -> str: ...


def state_head(schema: str) -> dict[str, Data]:
    """Return what every report begins with."""
    return {"schema": schema, "profile": PROFILE}


def state_log(header: Header, digest: str, size: int, last: str) -> dict[str, Data]:
    """Return which log a report is of: the digest of its header, and of the last of its entries."""
    return {
        "id": header.log_id,
        "owner": header.owner,
        "digest": digest,
        "entries": size,
        "last_entry": last if size else None,
    }
