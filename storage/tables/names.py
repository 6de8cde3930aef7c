"""The index by which names are found: ordinary tables, the same on both engines."""

from sqlalchemy import LargeBinary
from sqlmodel import Field, SQLModel

from storage.columns import BigKey


class NameEntry(SQLModel, table=True):
    """A name that can be found, and whose it is; `id` is dense, postings hold it."""

    __tablename__ = "name_entry"

    id: int = Field(primary_key=True, sa_type=BigKey)
    customer_id: int = Field(foreign_key="customer.id", index=True, sa_type=BigKey)
    folded: str = Field(index=True)
    name: str


class NamePosting(SQLModel, table=True):
    """Which entries a key leads to: a run of ids, 32 bits each, little end first.

    A key has one row a segment; a bulk load adds a segment, a few names go into the
    last one.
    """

    __tablename__ = "name_posting"
    __table_args__ = ({"sqlite_with_rowid": False},)

    key: int = Field(primary_key=True, sa_type=BigKey)
    segment: int = Field(primary_key=True)
    count: int
    ids: bytes = Field(sa_type=LargeBinary)
