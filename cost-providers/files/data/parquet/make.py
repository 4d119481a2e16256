"""Makes the Parquet files of this folder, which other programs than this project's must write: pyarrow 26 (Apache Arrow), numpy 2.

May 2026, one charge of 3.25 USD on each day: 31 x 3.25 = 100.75.
"""
import datetime as dt
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

DAYS = 31
FIRST = dt.datetime(2026, 5, 1, tzinfo=dt.timezone.utc)


def text(value):
    return pa.array([value] * DAYS, pa.string())


def instants(offsets, kind=pa.timestamp("us", "UTC")):
    return pa.array([int((FIRST + dt.timedelta(days=d)).timestamp()) * 1_000_000 for d in offsets], pa.int64()).cast(kind)


def bill(cost, zones=("UTC", "UTC", "UTC"), **more):
    kinds = [pa.timestamp("us", zone) for zone in zones]
    columns = {
        "BilledCost": cost,
        "EffectiveCost": cost,
        "BillingPeriodStart": instants([0] * DAYS, kinds[0]),
        "BillingPeriodEnd": instants([31] * DAYS, kinds[0]),
        "ChargePeriodStart": instants(range(DAYS), kinds[1]),
        "ChargePeriodEnd": instants(range(1, DAYS + 1), kinds[2]),
        "BillingCurrency": text("USD"),
        "ChargeCategory": text("Usage"),
        "BillingAccountId": text("harbor-1"),
        "SubAccountId": text("ferry"),
        "ProviderName": text("Harbor Cloud"),
        "ServiceName": text("Compute"),
    }
    return pa.table(columns | more)


class Extension(pa.ExtensionType):
    def __init__(self):
        super().__init__(pa.string(), "harbor.berth")

    def __arrow_ext_serialize__(self):
        return b""


def write(name, table, **how):
    pq.write_table(table, name, **how)


# Checksums of pages; two row groups; amounts as doubles without a dictionary.
checked = bill(pa.array([3.25] * DAYS, pa.float64()))
write("checked.parquet", checked, write_page_checksum=True, compression="none", use_dictionary=["ServiceName"], row_group_size=16)
# Decimals, with a dictionary, packed, pages of the second kind.
decimals = bill(pa.array([Decimal("3.25")] * DAYS, pa.decimal128(18, 6)))
write("checked-v2.parquet", decimals, write_page_checksum=True, compression="zstd", data_page_version="2.0")

# Types that polars has not, as small builds of it are, in columns that count and in columns that nobody asks for.
odd = bill(
    pa.array([Decimal("3.25")] * DAYS, pa.decimal256(76, 38)),
    ("+05:30", "Z", "Mars/Phobos"),
    ListCost=pa.array(np.array([3.25] * DAYS, dtype=np.float16)),
    ContractedCost=pa.array([Decimal("3.25")] * DAYS, pa.decimal256(40, 4)),
    ConsumedQuantity=pa.array([24] * DAYS, pa.uint8()),
    PricingQuantity=pa.array([2400] * DAYS, pa.uint16()),
    RegionId=pa.array([b"north"] * DAYS, pa.binary(5)),
    ResourceId=pa.ExtensionArray.from_storage(Extension(), text("vm-1")),
    Tags=pa.array([[("team", "crew")]] * DAYS, pa.map_(pa.string(), pa.string())),
    x_Pair=pa.array([[1, 2]] * DAYS, pa.list_(pa.int32(), 2)),
    x_Deep=pa.array([[Decimal(1)]] * DAYS, pa.list_(pa.decimal256(76, 2))),
    x_View=pa.array([[1]] * DAYS, pa.list_view(pa.int32())),
)
write("odd.parquet", odd, compression="snappy")
