"""How the house says no: reasons as values, and the one exception that carries them."""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

NO_FACTS: Mapping[str, object] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Objection:
    """One reason why something may not happen.

    `field` names the input it belongs to, None when it belongs to the whole. `facts` are the values
    its sentence needs; they are never sentences themselves.
    """

    reason: StrEnum
    field: str | None = None
    facts: Mapping[str, object] = dataclasses.field(default_factory=lambda: NO_FACTS)


class Refused(Exception):
    """The house says no. Nothing was stored; the objections say why."""

    def __init__(self, *objections: Objection) -> None:
        super().__init__(", ".join(objection.reason for objection in objections))
        self.objections = objections


def refuse_any(objections: Sequence[Objection]) -> None:
    """Raises `Refused` with all of these, if there are any."""
    if objections:
        raise Refused(*objections)
