"""Shapes told to the core of pydantic, held against classes of pydantic's own of the same keys."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Union, get_args, get_origin

import pytest
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, InstanceOf, create_model
from pydantic import AfterValidator as PydanticAfter
from pydantic import ValidationError as PydanticError
from pydantic import model_validator

from voucher_rules.ruleset.declarations import DecisionDoc, FactDoc, ListDoc, ReadingDoc
from voucher_rules.ruleset.docs import (
    After,
    Before,
    Doc,
    Key,
    ValidationError,
    keyed,
    list_checks,
    list_hints,
)
from voucher_rules.ruleset.histories import EventDoc
from voucher_rules.ruleset.model import DocumentDoc
from voucher_rules.ruleset.parameters import ParameterDoc
from voucher_rules.ruleset.rules import RuleDoc
from voucher_rules.sources.tree import Mapping, Scalar, Sequence
from voucher_rules.sources.yaml import read_yaml
from voucher_rules.spans import Span

ROOT: Final = Path(__file__).resolve().parents[2]
FILES: Final = sorted(ROOT.glob("rulesets/*/20*[0-9].yaml"))
SECTIONS: Final = {
    "facts": FactDoc,
    "lists": ListDoc,
    "readings": ReadingDoc,
    "decisions": DecisionDoc,
    "parameters": ParameterDoc,
    "events": EventDoc,
}
PLACE: Final = Span("x.yaml", 1, 1)
MUTANTS: Final = 4


def mirror(cls: type[Doc]) -> type[BaseModel]:
    """Return a class of pydantic with the same keys and checks."""
    hints = list_hints(cls)
    keys: dict[str, Any] = {
        name: (mirror_type(hints[name], name), mirror_key(said))
        for name, said in cls.model_fields.items()
    }
    checks: dict[str, Any] = {
        check.__name__.lstrip("_"): model_validator(mode="after")(check)
        for check in list_checks(cls)
    }
    config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)
    made: type[BaseModel] = create_model(
        cls.__name__, __config__=config, __validators__=checks, **keys
    )
    return made


def mirror_key(said: Key) -> Any:  # noqa: ANN401 - what pydantic takes
    told: dict[str, Any] = {"alias": said.alias} if said.alias else {}
    if said.make is not None:
        return Field(default_factory=said.make, min_length=said.least, **told)
    default = said.default if said.relax({"type": "any"}) != {"type": "any"} else ...
    return Field(default, min_length=said.least, **told)


def mirror_type(hint: Any, name: str) -> Any:  # noqa: ANN401 - a type of any form
    origin, inner = get_origin(hint), get_args(hint)
    if origin is Annotated:
        made = mirror_type(inner[0], name)
        for said in inner[1:]:
            made = Annotated[made, mirror_mark(said, name)]
        return made
    if origin in {Union, UnionType}:
        (wanted,) = [x for x in inner if x is not NoneType]
        return mirror_type(wanted, name) | None if wanted is Scalar else Union[mirror_type(wanted, name), None]  # noqa: UP007
    if origin is tuple:
        return tuple[mirror_type(inner[0], name), ...]  # type: ignore[misc]
    if origin is dict:
        return dict[mirror_type(inner[0], name), mirror_type(inner[1], name)]  # type: ignore[misc]
    return mirror(hint) if issubclass(hint, Doc) else InstanceOf[hint]


def mirror_mark(said: object, name: str) -> Any:  # noqa: ANN401 - what pydantic takes
    match said:
        case Before(function):
            return BeforeValidator(function)
        case After(function):
            return PydanticAfter(lambda value: function(value, name))
        case Key():
            return Field(min_length=said.least)
        case _:
            raise TypeError(said)
