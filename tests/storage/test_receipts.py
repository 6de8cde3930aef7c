"""Receipts form a chain that shows any change made afterwards."""

from concurrent.futures import ThreadPoolExecutor

from sqlmodel import select

from storage import receipts
from storage.database import Database
from storage.tables import Receipt
from tests.conftest import NOW


def written(database: Database, words: str) -> None:
    with database.write() as session:
        receipt = Receipt(
            kind="check",
            actor="U1",
            made_at=NOW,
            policy_version="1",
            inputs={"amount": "80000.00"},
            outcome={"answer": "yes"},
            words=words,
            previous_hash="",
            hash="",
        )
        receipts.write(session, receipt)


def test_an_untouched_chain_holds(database: Database) -> None:
    for words in ("yes", "不行", "ask"):
        written(database, words)

    with database.read() as session:
        assert receipts.broken_at(session) is None


def test_a_changed_receipt_is_found(database: Database) -> None:
    for words in ("yes", "no", "ask"):
        written(database, words)

    with database.write() as session:
        second = session.exec(select(Receipt).where(Receipt.words == "no")).one()
        second.words = "yes"
        session.add(second)
        changed = second.id

    with database.read() as session:
        assert receipts.broken_at(session) == changed


def test_receipts_written_at_once_still_form_one_chain(database: Database) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: written(database, str(n)), range(12)))

    with database.read() as session:
        assert receipts.broken_at(session) is None
        assert len(list(receipts.chain(session))) == 12
