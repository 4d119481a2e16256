"""Computes the commitment figures of a bill with SQL in another engine: commitments.py FOLDER YEAR-MONTH

Sums use DECIMAL(38, 12); rates have two places. Eligible usage is defined here independently, as patterns.
"""

import json
import sys
from decimal import ROUND_HALF_EVEN, Decimal

import duckdb

FOLDER, MONTH = sys.argv[1:]
COVERABLE = [
    r"(^|-)(BoxUsage|DedicatedUsage):[a-z0-9-]+\.[a-z0-9-]+$",
    r"(^|-)Fargate-", r"(^|-)Lambda-(GB-Second|Provisioned-)",
    r"(^|-)(Instance|Multi-AZ|Multi-AZCluster)Usage:db\.", r"(^|-)NodeUsage:(cache|db)\.",
    r"(^|-)ESInstance:", r"(^|-)Node:[a-z0-9]+\.", r"(Read|Write)CapacityUnit-Hrs$", r":ml\.",
]
db = duckdb.connect()
db.execute(f"""
    CREATE VIEW items AS
    SELECT strftime(ChargePeriodStart::TIMESTAMP, '%Y-%m') AS month, *
    FROM read_parquet('{FOLDER}/**/*.parquet', hive_partitioning = false, union_by_name = true)
""")
pattern = "|".join(COVERABLE).replace("'", "''")
db.execute(f"""
    CREATE VIEW usage AS
    SELECT *, CommitmentDiscountStatus IS NOT DISTINCT FROM 'Unused' AS unused,
        CommitmentDiscountId IS NOT NULL OR PricingCategory IS NOT DISTINCT FROM 'Committed' AS committed
    FROM items
    WHERE ChargeCategory = 'Usage' AND (
        CommitmentDiscountId IS NOT NULL
        OR (PricingCategory IS DISTINCT FROM 'Dynamic' AND regexp_matches(SkuMeter, '{pattern}')))
""")


def text(amount):
    return None if amount is None else format(Decimal(amount).normalize(), "f")


def rate(part, whole):
    if part is None or not whole:
        return None
    return text((Decimal(100) * part / whole).quantize(Decimal("0.01"), ROUND_HALF_EVEN))


def money(column):
    return f"CAST({column} AS DECIMAL(38, 12))"


owned = {}
for row in db.execute(f"""
    SELECT CommitmentDiscountId,
        sum({money('EffectiveCost')}) FILTER (ChargeCategory = 'Usage'),
        sum({money('EffectiveCost')}) FILTER (ChargeCategory = 'Usage' AND CommitmentDiscountStatus = 'Unused'),
        sum({money('ContractedCost')}) FILTER (ChargeCategory = 'Usage' AND CommitmentDiscountStatus IS DISTINCT FROM 'Unused'),
        sum({money('BilledCost')}) FILTER (ChargeCategory = 'Purchase')
    FROM items WHERE CommitmentDiscountId IS NOT NULL AND month = ? GROUP BY 1
""", [MONTH]).fetchall():
    name, cost, unused, on_demand, purchases = row[0], *(Decimal(v or 0) for v in row[1:])
    owned[name] = {"cost": text(cost), "unused": text(unused), "used": text(cost - unused), "on_demand_equivalent": text(on_demand),
                   "net_saving": text(on_demand - cost), "purchases": text(purchases), "utilization_pct": rate(cost - unused, cost)}

by = {}
for dimension, column, where in (
    ("account", "SubAccountId", f"month = '{MONTH}'"), ("service", "ServiceName", f"month = '{MONTH}'"),
    ("region", "RegionId", f"month = '{MONTH}'"), ("month", "month", "true"), ("total", "NULL", f"month = '{MONTH}'"),
):
    groups = by[dimension] = {}
    for key, *sums in db.execute(f"""
        SELECT {column},
            sum({money('ListCost')}) FILTER (NOT unused), sum({money('ContractedCost')}) FILTER (NOT unused),
            sum({money('EffectiveCost')}), sum({money('ContractedCost')}) FILTER (committed AND NOT unused),
            sum({money('EffectiveCost')}) FILTER (unused)
        FROM usage WHERE {where} GROUP BY 1
    """).fetchall():
        listed, contracted, effective, covered, unused = (Decimal(v or 0) for v in sums)
        groups[key or ""] = {
            "list": text(listed), "contracted": text(contracted), "effective": text(effective), "covered": text(covered), "unused": text(unused),
            "commitment_saving": text(contracted - effective), "negotiated_saving": text(listed - contracted),
            "coverage_pct": rate(covered, contracted), "effective_savings_rate_pct": rate(listed - effective, listed),
        }
print(json.dumps({"owned": owned, "by": by}))
