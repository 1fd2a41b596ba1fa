"""A type of our own with its serializer."""

from dataclasses import dataclass
from decimal import Decimal

from openedx_events.event_bus.avro.custom_serializers import BaseCustomTypeAvroSerializer


@dataclass(frozen=True)
class Money:
    """An amount in a currency; its text is, e.g., ``12.30 EUR``."""

    amount: Decimal
    currency: str

    def __str__(self):
        return f"{self.amount} {self.currency}"


class MoneyAvroSerializer(BaseCustomTypeAvroSerializer):
    """Money travels as its text."""

    cls = Money
    field_type = "string"

    @staticmethod
    def serialize(obj) -> str:
        return str(obj)

    @staticmethod
    def deserialize(data: str):
        amount, currency = data.split(" ")
        return Money(Decimal(amount), currency)
