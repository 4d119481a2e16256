"""Time and memory of a pull of hourly utilization: cloudwatch.py [--instances 10000] [--days 14] [--cost PATH] [--runs 3]

A local server emulates EC2 and CloudWatch: instances in pages of 1,000, metrics in pages of 100,800 points. It answers from
prepared bytes, so it takes little of the time. The comparison is boto3 with the same number of concurrent requests, which stores the
points as received; it uses JSON where the SDK for Rust uses CBOR. Needs boto3 and cbor2 (`tests/aws/requirements.txt`).
"""

import argparse
import asyncio
import datetime
import json
import multiprocessing
import os
import statistics
import struct
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qs

import boto3
import botocore.config
import cbor2

AS_OF = datetime.datetime(2026, 11, 1, tzinfo=datetime.timezone.utc)
ACCOUNT, REGION, PORT = "123456789012", "us-east-1", 5599
POINTS = 100_800
PAGE = 1_000


def series(days):
    """The bytes of the hours, and of sixteen shapes of values."""
    start, hours = AS_OF.timestamp() - days * 86_400, days * 24
    head = cbor2.dumps([None] * hours)[: -hours]
    times = head + b"".join(b"\xc1" + b"\xfb" + struct.pack(">d", start + 3600 * hour) for hour in range(hours))
    values = [head + b"".join(b"\xfb" + struct.pack(">d", (7 * hour + 5 * shape) % 100 + shape / 16) for hour in range(hours)) for shape in range(16)]
    plain = [json.dumps([start + 3600 * hour for hour in range(hours)])]
    plain += [json.dumps([(7 * hour + 5 * shape) % 100 + shape / 16 for hour in range(hours)]) for shape in range(16)]
    return hours, times, values, plain


class Server:
    def __init__(self, instances, days):
        self.instances = instances
        self.hours, self.times, self.values, self.plain = series(days)

    def metrics(self, asked):
        queries, start = asked["MetricDataQueries"], int(asked.get("NextToken", 0))
        # Maximum of the operation per page.
        end = min(start + POINTS // self.hours, len(queries))
        text = cbor2.dumps
        results = [
            b"\xa5" + text("Id") + text(q["Id"]) + text("Label") + text("l") + text("StatusCode") + text("Complete")
            + text("Timestamps") + self.times + text("Values") + self.values[number % 16]
            for number, q in enumerate(queries[start:end])
        ]
        page = text("MetricDataResults") + text([None] * len(results))[: -len(results)] + b"".join(results)
        return b"\xa2" + page + text("NextToken") + text(str(end)) if end < len(queries) else b"\xa1" + page

    def plain_metrics(self, asked):
        queries, start = asked["MetricDataQueries"], int(asked.get("NextToken", 0))
        end = min(start + POINTS // self.hours, len(queries))
        result = '{{"Id":"{}","Label":"l","StatusCode":"Complete","Timestamps":{},"Values":{}}}'
        results = ",".join(result.format(q["Id"], self.plain[0], self.plain[1 + n % 16]) for n, q in enumerate(queries[start:end]))
        return '{"MetricDataResults":[' + results + "]" + (f',"NextToken":"{end}"' if end < len(queries) else "") + "}"

    def describe(self, form):
        start = int(form.get("NextToken", ["0"])[0])
        end = min(start + PAGE, self.instances)
        item = "<item><instancesSet><item><instanceId>i-{:017x}</instanceId><instanceType>m5.large</instanceType><instanceState><code>16</code><name>running</name></instanceState></item></instancesSet></item>"
        more = f"<nextToken>{end}</nextToken>" if end < self.instances else ""
        return "<reservationSet>" + "".join(item.format(n) for n in range(start, end)) + "</reservationSet>" + more

    def answer(self, head, body):
        first = head.split(b"\r\n")[0].decode()
        if "/operation/GetMetricData" in first:
            return 200, "application/cbor", self.metrics(cbor2.loads(body))
        if "/operation/ListMetrics" in first:
            return 200, "application/cbor", cbor2.dumps({"Metrics": []})
        if b".GetMetricData" in head:
            return 200, "application/x-amz-json-1.0", self.plain_metrics(json.loads(body)).encode()
        form = parse_qs(body.decode(errors="replace"))
        action = form.get("Action", [""])[0]
        if action == "GetCallerIdentity":
            text = f"<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::{ACCOUNT}:user/a</Arn><Account>{ACCOUNT}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>"
        elif action == "DescribeRegions":
            text = f"<DescribeRegionsResponse><regionInfo><item><regionName>{REGION}</regionName></item></regionInfo></DescribeRegionsResponse>"
        elif action == "DescribeInstances":
            text = f"<DescribeInstancesResponse>{self.describe(form)}</DescribeInstancesResponse>"
        else:
            return 403, "text/xml", b"<Response><Errors><Error><Code>AccessDenied</Code><Message>not asked here</Message></Error></Errors></Response>"
        return 200, "text/xml", text.encode()

    async def serve(self, reader, writer):
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = [line.split(b":")[1] for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
                status, kind, body = self.answer(head, await reader.readexactly(int(length[0])) if length else b"")
                more = "smithy-protocol: rpc-v2-cbor\r\n" if "cbor" in kind else ""
                writer.write(f"HTTP/1.1 {status} A\r\nContent-Type: {kind}\r\n{more}Content-Length: {len(body)}\r\n\r\n".encode() + body)
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            writer.close()

    def run(self):
        async def main():
            await (await asyncio.start_server(self.serve, "127.0.0.1", PORT, limit=1 << 24)).serve_forever()

        asyncio.run(main())


BILL = """BillingAccountId,ProviderName,InvoiceIssuerName,BilledCost,EffectiveCost,ListCost,ContractedCost,BillingCurrency,BillingPeriodStart,BillingPeriodEnd,ChargePeriodStart,ChargePeriodEnd,ChargeCategory,ServiceName
123456789012,AWS,AWS,1,1,1,1,USD,2026-10-01T00:00:00Z,2026-11-01T00:00:00Z,2026-10-01T00:00:00Z,2026-10-02T00:00:00Z,Usage,EC2
"""


def measured(command, environment):
    """Wall seconds, CPU seconds and peak MiB of a command."""
    start = time.monotonic()
    child = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    _, status, usage = os.wait4(child.pid, 0)
    if status:
        sys.exit(child.stderr.read().decode())
    return time.monotonic() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def peer(instances, days):
    """Sends the same requests with boto3, and stores the points."""
    config = botocore.config.Config(max_pool_connections=4)
    watch = boto3.client("cloudwatch", endpoint_url=f"http://127.0.0.1:{PORT}", region_name=REGION, config=config)
    asked = [("CPUUtilization", s) for s in ("Average", "Maximum", "p99")] + [("NetworkIn", "Sum"), ("NetworkOut", "Sum")]
    queries = []
    for number in range(instances):
        for metric, stat in asked:
            dimensions = [{"Name": "InstanceId", "Value": f"i-{number:017x}"}]
            named = {"Namespace": "AWS/EC2", "MetricName": metric, "Dimensions": dimensions}
            queries.append({"Id": f"q{len(queries) % 500}", "MetricStat": {"Metric": named, "Period": 3600, "Stat": stat}})

    def batch(start):
        pages = watch.get_paginator("get_metric_data").paginate(
            MetricDataQueries=queries[start : start + 500], StartTime=AS_OF - datetime.timedelta(days=days), EndTime=AS_OF, MaxDatapoints=POINTS
        )
        return [(r["Id"], r["Timestamps"], r["Values"]) for page in pages for r in page["MetricDataResults"]]

    with ThreadPoolExecutor(2) as pool:
        kept = list(pool.map(batch, range(0, len(queries), 500)))
    assert sum(len(values) for some in kept for _, _, values in some) == instances * len(asked) * days * 24


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--instances", type=int, default=10_000)
    parser.add_argument("--days", type=int, default=14)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--cost", default="target/release/cost")
    parser.add_argument("--peer", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.peer:
        return peer(args.instances, args.days)
    server = multiprocessing.Process(target=Server(args.instances, args.days).run, daemon=True)
    server.start()
    time.sleep(1)
    keys = {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{PORT}", "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_REGION": REGION}
    environment = os.environ | keys | {"AWS_EC2_METADATA_DISABLED": "true"}
    with tempfile.TemporaryDirectory() as folder:
        bill = f"{folder}/bill.csv"
        with open(bill, "w", encoding="utf-8") as file:
            file.write(BILL)
        pull = [args.cost, "pull", "aws", "--reports", bill, "--into", f"{folder}/estate", "--as-of", "2026-11-01", "--utilization-days"]
        boto = [sys.executable, __file__, "--peer", "--instances", str(args.instances), "--days", str(args.days)]
        commands = {"cost pull": [*pull, str(args.days)], "cost pull, no utilization": [*pull, "0"], "boto3": boto}
        runs = {name: [] for name in commands}
        for number in range(args.runs):
            # The comparison is slow: one run is enough.
            for name, command in commands.items():
                if name != "boto3" or number == 0:
                    runs[name].append(measured(command, environment))
    medians = {name: [statistics.median(column) for column in zip(*all_runs)] for name, all_runs in runs.items()}
    print(f"{args.instances:,} instances, {args.days} days, {args.instances * args.days * 24 * 5:,} points\n")
    print("|  | wall s | CPU s | peak MiB | ÷ boto3: wall | CPU | memory |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    for name, (wall, cpu, peak) in medians.items():
        ratios = " | ".join(f"{a / b:.2f}" for a, b in zip((wall, cpu, peak), medians["boto3"]))
        print(f"| {name} | {wall:.2f} | {cpu:.2f} | {peak:.0f} | {ratios} |")
    server.terminate()


if __name__ == "__main__":
    main()
