"""Of whom and of what a place hears; a digest tells of problems by the same."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Self

from workflows.monitor.moves import Subject


@dataclass(frozen=True, slots=True)
class Scope:
    """What a place hears of; empty means no restriction."""

    owners: frozenset[str] = frozenset()
    """Every name an owner field may have for the people chosen, case folded."""
    regions: frozenset[str] = frozenset()
    """Case folded."""
    classes: frozenset[str] = frozenset()
    causes: frozenset[str] = frozenset()
    minimum: Decimal = Decimal(0)

    @classmethod
    def of(cls, kept: Mapping[str, Any], owner_names: Collection[str]) -> Self:
        """Return the scope that a place keeps, with all names of its owners."""
        return cls(
            owners=frozenset(name.casefold() for name in owner_names),
            regions=frozenset(r.casefold() for r in kept.get("regions") or ()),
            classes=frozenset(kept.get("classes") or ()),
            causes=frozenset(kept.get("causes") or ()),
            minimum=Decimal(str(kept.get("minimum") or 0)),
        )

    def has(self, subject: Subject, cause: str) -> bool:
        """Return whether a problem of `cause` at `subject` is to be heard of.

        An industry or a feed has no class and no exposure of its own, so these leave
        it in; what is chosen by owner or region leaves it out unless it has that.
        """
        if self.causes and cause not in self.causes:
            return False
        if self.owners and (subject.owner or "").casefold() not in self.owners:
            return False
        if self.regions and (subject.region or "").casefold() not in self.regions:
            return False
        return subject.customer_id is None or self._has_customer(subject)

    def _has_customer(self, subject: Subject) -> bool:
        if self.classes and subject.risk_class not in self.classes:
            return False
        return self.minimum <= 0 or (subject.exposure or Decimal(0)) >= self.minimum
