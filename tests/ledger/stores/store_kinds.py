"""Comes in: an address. Goes out: the store there, of each kind; light, for processes of tests."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Final

from voucher_rules.ledger.stores import JsonLinesStore, SqliteStore, SqlStore, Store


class Place(ABC):
    """Where a ledger is kept; it can be opened again and again."""

    def __init__(self, address: str) -> None:
        self.address = address

    @abstractmethod
    def open(self, *, read_only: bool = False) -> Store: ...


class JsonLinesPlace(Place):
    def open(self, *, read_only: bool = False) -> JsonLinesStore:
        return JsonLinesStore(self.address, read_only=read_only)


class SqlitePlace(Place):
    def open(self, *, read_only: bool = False) -> SqliteStore:
        return SqliteStore(self.address, read_only=read_only)


class SqlPlace(Place):
    def open(self, *, read_only: bool = False) -> SqlStore:
        url, _, name = self.address.partition("#")
        return SqlStore(url, name=name, read_only=read_only)


KINDS: Final[dict[str, type[Place]]] = {
    "json-lines": JsonLinesPlace,
    "sqlite": SqlitePlace,
    "postgresql": SqlPlace,
}
