"""Comes in: a lifecycle. Goes out: what its events surely do with the parts of a thing.

A thing whose events never move a part is in one state at a time. Where parts may move, what is in
each state can be counted one state after the other, if none is ever come back to.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import cached_property

from voucher_rules.checked.histories import Lifecycle, Transition


class Flow:
    """What can be told of a lifecycle before any entry is read."""

    def __init__(self, lifecycle: Lifecycle) -> None:
        self.lifecycle = lifecycle
        ways = tuple(lifecycle.transitions.values())
        self.ways = ways
        self.in_parts = bool(lifecycle.currency) and any(way.partial for way in ways)
        """Whether a thing may stand in several states at once."""

    def list_into(self, state: str) -> list[Transition]:
        """Return the events that lead to a state."""
        return [way for way in self.ways if state in way.list_targets()]

    def list_out(self, state: str) -> list[Transition]:
        """Return the events that leave a state."""
        return [way for way in self.ways if state in way.sources]

    @cached_property
    def reached(self) -> dict[str, frozenset[str]]:
        """The states that may come after each state."""
        return {state: frozenset(self._walk(state)) for state in self.lifecycle.states}

    def _walk(self, state: str) -> Iterator[str]:
        seen: set[str] = set()
        waiting = [state]
        while waiting:
            for way in self.list_out(waiting.pop()):
                for target in way.list_targets():
                    if target not in seen:
                        seen.add(target)
                        waiting.append(target)
                        yield target

    def comes_back(self, state: str) -> bool:
        """Return whether a thing may come back to a state."""
        return state in self.reached[state]

    def list_levels(self) -> list[list[str]]:
        """Return the states in an order in which each stands after all it is come to from."""
        left = dict.fromkeys(self.lifecycle.states)
        levels: list[list[str]] = []
        while left:
            ready = [
                state
                for state in left
                if not any(
                    source in left for way in self.list_into(state) for source in way.sources
                )
            ]
            if not ready:
                message = f"a state that is come back to: {', '.join(left)}"
                raise ValueError(message)
            levels.append(ready)
            left = {state: None for state in left if state not in ready}
        return levels

    @cached_property
    def has_circle(self) -> bool:
        """Whether any state may be come back to."""
        return any(map(self.comes_back, self.lifecycle.states))

    def enters_whole(self, state: str) -> bool:
        """Return whether all of a thing enters a state at one moment, if it ever does.

        Only of a lifecycle without a circle.
        """
        return all(
            not way.sources or (not way.partial and all(map(self._stands_whole, way.sources)))
            for way in self.list_into(state)
        )

    def _stands_whole(self, state: str) -> bool:
        leaves = all(not way.partial or way.rest for way in self.list_out(state))
        return leaves and self.enters_whole(state)

    def stays_in(self, states: Collection[str], entered: str) -> bool:
        """Return whether what enters a state stays in ``states``, where nothing else comes in.

        Only of a lifecycle without a circle.
        """
        held = {entered, *self.reached[entered]} & set(states)
        if entered not in held:
            return False
        leaves = {x for state in held for way in self.list_out(state) for x in way.list_targets()}
        comes = {
            source or ""
            for state in held - {entered}
            for way in self.list_into(state)
            for source in (way.sources or ("",))
        }
        return leaves <= held and comes <= held
