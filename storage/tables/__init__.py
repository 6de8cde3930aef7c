"""The tables: customers, the facts about them, and what the desk itself keeps."""

from storage.tables.customers import (
    Customer,
    CustomerChange,
    CustomerGroup,
    CustomerName,
    Relation,
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

__all__ = [
    "Cover",
    "CreditEvent",
    "CreditLimit",
    "Customer",
    "CustomerChange",
    "CustomerGroup",
    "CustomerName",
    "DigestRun",
    "ExchangeRate",
    "ImportedFile",
    "Invoice",
    "Note",
    "Order",
    "OutboxMessage",
    "Payment",
    "ProcessedEvent",
    "Rating",
    "Relation",
    "RoleGrant",
    "Schedule",
    "Statement",
    "User",
    "Viewing",
]
