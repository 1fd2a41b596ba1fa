"""The event and its data classes."""

from datetime import datetime
from typing import Dict, List
from uuid import UUID

import attr
from opaque_keys.edx.keys import CourseKey
from openedx_events.tooling import OpenEdxPublicSignal

from .money import Money


@attr.s(frozen=True)
class AddressData:
    """A record inside the record."""

    street = attr.ib(type=str)
    floor = attr.ib(type=int, default=None)


@attr.s(frozen=True, kw_only=True)
class ParcelData:
    """Every kind of field that can go over the bus. What has no class of its own in lists is text there."""

    number = attr.ib(type=UUID)
    course_key = attr.ib(type=CourseKey)
    shipped_at = attr.ib(type=datetime)
    price = attr.ib(type=Money)
    insured_for = attr.ib(type=Money, default=None)
    is_fragile = attr.ib(type=bool)
    pieces = attr.ib(type=int)
    weight = attr.ib(type=float)
    label = attr.ib(type=str)
    kind = attr.ib(type=str)
    customs = attr.ib(type=str)
    labels = attr.ib(type=List[str])
    codes = attr.ib(type=List[str])
    scanned_at = attr.ib(type=List[str])
    sizes = attr.ib(type=List[int])
    weights = attr.ib(type=List[float])
    checks = attr.ib(type=List[bool])
    stamps = attr.ib(type=Dict[str, int])
    sender = attr.ib(type=AddressData)
    receiver = attr.ib(type=AddressData, default=None)
    note = attr.ib(type=str, default=None)
    attempts = attr.ib(type=int, default=3)
    is_tracked = attr.ib(type=bool, default=True)


PARCEL_SHIPPED = OpenEdxPublicSignal(
    event_type="org.example.interop.parcel.shipped.v1",
    data={"parcel": ParcelData},
    minor_version=2,
)


@attr.s(frozen=True)
class CrateItemData:
    """What is in lists and dictionaries."""

    label = attr.ib(type=str)
    packed_at = attr.ib(type=datetime)
    content = attr.ib(type=AddressData, default=None)


@attr.s(frozen=True)
class CrateData:
    """Lists and dictionaries of more than plain values, which openedx-events has schemas for since version 11."""

    items = attr.ib(type=List[CrateItemData])
    by_place = attr.ib(type=Dict[str, CrateItemData])
    rows = attr.ib(type=List[List[str]])
    tags = attr.ib(type=List[Dict[str, int]])
    grouped = attr.ib(type=Dict[str, List[float]])
    sealed = attr.ib(type=bool)


CRATE_SEALED = OpenEdxPublicSignal(
    event_type="org.example.interop.crate.sealed.v1",
    data={"crate": CrateData},
)
