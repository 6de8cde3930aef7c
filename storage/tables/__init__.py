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
    ImportedFile,
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
    "ExchangeRate",
    "ImportJob",
    "ImportedFile",
    "Invoice",
    "LimitRequest",
    "Note",
    "Order",
    "OrderCheck",
    "OutboxMessage",
    "Payment",
    "ProcessedEvent",
    "Rating",
    "Receipt",
    "Relation",
    "RoleGrant",
    "Schedule",
    "ScoreOverride",
    "ScoreRecord",
    "Statement",
    "User",
    "Viewing",
]
