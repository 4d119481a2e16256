"""The same two tables with DuckDB and the same exact decimals, for benches/compare.py.

Prints the same as benches/rollup.rs: line items, rows of both tables, and the exact totals.
"""

import sys

import duckdb

SUMS = """
    sum(BilledCost) AS BilledCost, sum(EffectiveCost) AS EffectiveCost, sum(ListCost) AS ListCost,
    sum(ContractedCost) AS ContractedCost, sum(PricingQuantity) AS PricingQuantity,
    count(*) - count(ListCost) AS ListCostUnknown, count(*) - count(PricingQuantity) AS PricingQuantityUnknown,
    count(*) AS LineItems"""
TAGS = "Tags IS NOT NULL AND Tags <> '{}' AS Tagged, json_extract_string(Tags, '$.team') AS team"


def main() -> None:
    bill = sys.argv[1]
    db = duckdb.connect()
    db.execute("SET TimeZone = 'UTC'")
    db.execute(f"CREATE VIEW items AS SELECT * FROM read_parquet('{bill}/*.parquet', hive_partitioning = false)")
    db.execute(f"""
        CREATE TABLE cube AS SELECT CAST(ChargePeriodStart AS DATE) AS ChargeDay,
            CAST(BillingPeriodStart AS DATE) AS BillingPeriodStart, BillingCurrency, InvoiceIssuerName, BillingAccountId,
            SubAccountId, SubAccountName, ProviderName, ServiceName, RegionId, ChargeCategory, ChargeClass,
            PricingCategory, CommitmentDiscountStatus, SkuMeter, PricingUnit, {TAGS}, {SUMS}
        FROM items GROUP BY ALL ORDER BY ALL""")
    db.execute(f"""
        CREATE TABLE resources AS SELECT date_trunc('month', CAST(ChargePeriodStart AS DATE)) AS ChargeMonth,
            SubAccountId, ProviderName, ServiceName, RegionId, ChargeCategory, ChargeClass, PricingCategory,
            CommitmentDiscountStatus, SkuMeter, PricingUnit, ResourceId, {TAGS}, {SUMS},
            min(CAST(ChargePeriodStart AS DATE)) AS FirstDay, max(CAST(ChargePeriodStart AS DATE)) AS LastDay
        FROM items GROUP BY ALL ORDER BY ALL""")
    rows = db.execute("SELECT count(*) FROM cube").fetchone()[0]
    resources = db.execute("SELECT count(*) FROM resources").fetchone()[0]
    items, billed, effective = db.execute(
        "SELECT sum(LineItems), sum(BilledCost), sum(EffectiveCost) FROM cube").fetchone()
    plain = lambda amount: format(amount.normalize(), "f")
    print(int(items), rows, resources, plain(billed), plain(effective))


if __name__ == "__main__":
    main()
