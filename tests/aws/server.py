"""Runs moto as a server that the current SDK can use: server.py PORT [SNAPSHOTS]

SNAPSHOTS is the number of snapshots to create in the first account, for tests with many resources.

The SDK uses the protocol RPC v2 CBOR for CloudWatch and Compute Optimizer, and moto supports JSON protocols. This server translates
requests and answers between the two. moto does not compute percentiles, so their answers have no values. `lacking.py` answers for
services that moto does not support. Everything else is unchanged.
"""

import datetime
import io
import json
import re
import sys

import cbor2
from moto.ec2.models import ec2_backends
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import run_simple

from lacking import Lacking

PATH = re.compile("/service/([^/]+)/operation/([^/]+)")
# Timestamp members: tagged in CBOR, numbers in JSON.
INSTANTS = {"Timestamps", "Timestamp", "StartTime", "EndTime", "lastRefreshTimestamp"}


def plain(value):
    if isinstance(value, datetime.datetime):
        return value.timestamp()
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    return [plain(v) for v in value] if isinstance(value, list) else value


def tagged(value, name=None):
    if isinstance(value, dict):
        return {k: tagged(v, k) for k, v in value.items()}
    if isinstance(value, list):
        return [tagged(v, name) for v in value]
    if name in INSTANTS and isinstance(value, (int, float)):
        return cbor2.CBORTag(1, value)
    # Metric values are always floating point.
    return float(value) if name == "Values" else value


class Cbor:
    """Translates RPC v2 CBOR requests and forwards all others."""

    def __init__(self, app):
        self.app = app

    def __call__(self, environ, start_response):
        asked_of = PATH.fullmatch(environ.get("PATH_INFO", ""))
        if not asked_of:
            return self.app(environ, start_response)
        asked = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        document = plain(cbor2.loads(asked)) if asked else {}
        queries = document.get("MetricDataQueries", [])
        percentiles = [q["Id"] for q in queries if q.get("MetricStat", {}).get("Stat", "").startswith("p")]
        document |= {"MetricDataQueries": [q for q in queries if q["Id"] not in percentiles]} if queries else {}
        body = json.dumps(document).encode()
        environ.update(
            {
                "PATH_INFO": "/",
                "CONTENT_TYPE": "application/x-amz-json-1.0",
                "CONTENT_LENGTH": str(len(body)),
                "HTTP_X_AMZ_TARGET": ".".join(asked_of.groups()),
                "wsgi.input": io.BytesIO(body),
            }
        )
        head = []
        answer = b"".join(self.app(environ, lambda status, headers, *_: head.append(status)))
        document = json.loads(answer or b"{}")
        if percentiles:
            empty = [{"Id": i, "Timestamps": [], "Values": [], "StatusCode": "Complete"} for i in percentiles]
            document.setdefault("MetricDataResults", []).extend(empty)
        body = cbor2.dumps(tagged(document))
        headers = [("Content-Type", "application/cbor"), ("smithy-protocol", "rpc-v2-cbor"), ("Content-Length", str(len(body)))]
        start_response(head[0], headers)
        return [body]


if __name__ == "__main__":
    many = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    ec2 = ec2_backends["123456789012"]["us-east-1"]
    volume = ec2.create_volume(size=8, zone_name="us-east-1a", volume_type="gp2") if many else None
    for _ in range(many):
        ec2.create_snapshot(volume.id, "one of many")
    run_simple("127.0.0.1", int(sys.argv[1]), Cbor(Lacking(DomainDispatcherApplication(create_backend_app))), threaded=True)
