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
    """Which entries of a segment a key leads to.

    `segment` is the upper part of their ids; `ids` holds the lower 16 bits of each,
    little end first. New entries go into the last segment until it is full.
    """

    __tablename__ = "name_posting"
    __table_args__ = ({"sqlite_with_rowid": False},)

    segment: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    key: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    ids: bytes = Field(sa_type=LargeBinary)


class NameKey(SQLModel, table=True):
    """To how many entries a key leads, in all segments: rare keys tell more."""

    __tablename__ = "name_key"

    key: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    entries: int
