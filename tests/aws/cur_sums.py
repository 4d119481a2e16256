"""Adds up raw Cost and Usage Report files, with `decimal` on their text: account, service, line item type, billed, amortized.

    cur_sums.py FOLDER

Reads the files that the manifests in the period folders list, or all files if there is no manifest. Each cell is rounded half-even
to 12 places, like the estate's amounts. The sum of the unrounded cells comes last, to show the difference. Amortized cost is
computed by line item type, as AWS describes it ("Using the AWS CUR to understand amortized costs").
"""

import collections
import csv
import decimal
import glob
import gzip
import json
import os
import sys

decimal.getcontext().prec = 60
PLACES = decimal.Decimal("1e-12")


def files(folder):
    manifests = glob.glob(f"{folder}/**/*-Manifest.json", recursive=True)
    top = [m for m in manifests if os.path.basename(os.path.dirname(m)).count("-") == 1]
    if not top:
        return sorted(glob.glob(f"{folder}/*.csv"))
    found = []
    for manifest in top:
        for key in json.load(open(manifest))["reportKeys"]:
            name = os.path.basename(os.path.dirname(key)) + "/" + os.path.basename(key)
            found += glob.glob(f"{folder}/**/{name}", recursive=True)
    return sorted(found)


def number(text):
    return decimal.Decimal(text) if text else decimal.Decimal(0)


def amortised(row):
    kind = row["lineItem/LineItemType"]
    if kind == "SavingsPlanCoveredUsage":
        return number(row["savingsPlan/SavingsPlanEffectiveCost"])
    if kind == "SavingsPlanRecurringFee":
        return number(row["savingsPlan/TotalCommitmentToDate"]) - number(row["savingsPlan/UsedCommitment"])
    if kind in ("SavingsPlanNegation", "SavingsPlanUpfrontFee"):
        return decimal.Decimal(0)
    if kind == "DiscountedUsage":
        return number(row["reservation/EffectiveCost"])
    if kind == "RIFee":
        return number(row["reservation/UnusedAmortizedUpfrontFeeForBillingPeriod"]) + number(row["reservation/UnusedRecurringFee"])
    if kind == "Fee" and row["reservation/ReservationARN"]:
        return decimal.Decimal(0)
    return number(row["lineItem/UnblendedCost"])


sums = collections.defaultdict(lambda: [decimal.Decimal(0)] * 3 + [0])
for path in files(sys.argv[1]):
    opened = gzip.open(path, "rt", newline="") if path.endswith(".gz") else open(path, newline="")
    for row in csv.DictReader(opened):
        service = row["product/ProductName"] or row["lineItem/ProductCode"]
        total = sums[row["lineItem/UsageAccountId"], service, row["lineItem/LineItemType"]]
        billed = number(row["lineItem/UnblendedCost"])
        total[0] += billed.quantize(PLACES)
        total[1] += amortised(row).quantize(PLACES)
        total[2] += billed
        total[3] += 1
for key, (billed, effective, exact, rows) in sorted(sums.items()):
    print("\t".join([*key, *(format(v, "f") for v in (billed, effective, exact)), str(rows)]))
