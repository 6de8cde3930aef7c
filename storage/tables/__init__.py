"""The tables: customers, the facts about them, and what the desk itself keeps."""

from storage.tables.customers import (
    Customer,
    CustomerChange,
    CustomerGroup,
    CustomerName,
    Relation,
)
from storage.tables.decisions import (
    CheckEntry,
    LimitRequest,
    OrderCheck,
    Receipt,
    ScoreOverride,
    ScoreRecord,
)
from storage.tables.desk import (
    DigestRun,
    DigestState,
    ImportedFile,
    OutboxChannel,
    OutboxMessage,
    ProcessedEvent,
    RoleGrant,
    Schedule,
    User,
    Viewing,
)
from storage.tables.facts import (
    Cover,
    CreditEvent,
    CreditLimit,
    ExchangeRate,
    Invoice,
    Note,
    Order,
    Payment,
    Rating,
    Statement,
)
from storage.tables.imports import ImportJob
from storage.tables.names import NameEntry, NamePosting
from storage.tables.reports import ReportJob
from storage.tables.scores import ScoreFacts, ScoreStanding

__all__ = [
    "CheckEntry",
    "Cover",
    "CreditEvent",
    "CreditLimit",
    "Customer",
    "CustomerChange",
    "CustomerGroup",
    "CustomerName",
    "DigestRun",
    "DigestState",
    "ExchangeRate",
    "ImportJob",
    "ImportedFile",
    "Invoice",
    "LimitRequest",
    "NameEntry",
    "NamePosting",
    "Note",
    "Order",
    "OrderCheck",
    "OutboxChannel",
    "OutboxMessage",
    "Payment",
    "ProcessedEvent",
    "Rating",
    "Receipt",
    "Relation",
    "ReportJob",
    "RoleGrant",
    "Schedule",
    "ScoreFacts",
    "ScoreOverride",
    "ScoreRecord",
    "ScoreStanding",
    "Statement",
    "User",
    "Viewing",
]
