"""What customers are, in words: facts that people's own rules compare with texts."""

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import select
from sqlmodel import Session, col

from storage.tables import Customer, CustomerGroup

Texts = Mapping[str, npt.NDArray[Any]]

_COLUMNS: Mapping[str, Any] = {
    "region": Customer.region,
    "industry": Customer.industry,
    "country": Customer.country,
    "owner": Customer.owner,
    "group": CustomerGroup.name,
}

MOST_NAMED = 900
"""So many ids are named one by one; of more, a span is read."""


def text_facts(
    session: Session, ids: npt.NDArray[np.int64], named: Collection[str]
) -> Texts:
    """Return those of the facts `named` that are kept as words, for each of `ids`.

    `ids` ascend; what is not known is None. The class is not kept so: see the score.
    """
    wanted = [name for name in _COLUMNS if name in named]
    found = {name: np.full(len(ids), None, object) for name in wanted}
    if not wanted or not len(ids):
        return found
    own: Any = Customer.id
    columns: list[Any] = [own, *(_COLUMNS[name] for name in wanted)]
    question = select(*columns).order_by(col(own))
    if "group" in wanted:
        question = question.outerjoin(
            CustomerGroup, col(CustomerGroup.id) == col(Customer.group_id)
        )
    few = len(ids) <= MOST_NAMED
    whose = col(own).in_(ids.tolist()) if few else col(own).between(ids[0], ids[-1])
    rows = session.connection().execute(question.where(whose)).all()
    known = np.fromiter((row[0] for row in rows), np.int64, len(rows))
    places = np.searchsorted(ids, known)
    there = np.flatnonzero(ids[np.minimum(places, len(ids) - 1)] == known)
    for n, name in enumerate(wanted, start=1):
        words = np.fromiter((row[n] for row in rows), object, len(rows))
        found[name][places[there]] = words[there]
    return found
