"""Answers for AWS services that moto does not support, in the format of their API references.

`POST /lacking` sets the answers, as JSON:
    products   documents of the Price List; GetProducts filters and pages them
    answers    by operation, or operation:word in the request, a list of documents: one answer each, in pages if there are several
    plans      answer of DescribeSavingsPlans
    rates      answer of DescribeSavingsPlansOfferingRates, by usage type, two per page
    reserved   answer of DescribeReservedInstances, as XML
    denied     actions that SimulatePrincipalPolicy reports as denied
The role `Guarded` can only be assumed with the external id 7. moto answers GetBucketVersioning, and its root element is renamed to the
name that S3 uses. moto does not know the life cycle of databases: extended support is turned off for all of them. Only the paying account, whose
access key is `test`, has plans, reservations, and answers.
"""

import io
import json
from urllib.parse import parse_qs


def same(product, field, value):
    attributes = product["product"]["attributes"]
    return attributes.get(field, product["product"].get(field, product.get(field))) == value


class Lacking:
    def __init__(self, app):
        self.app = app
        # An account without commitments and without enabled recommendation services.
        self.known = {"answers": {"ListEnrollmentStatuses": [{"items": []}]}, "plans": [], "reserved": ""}

    def __call__(self, environ, start_response):
        def answer(document, status="200 OK", kind="application/x-amz-json-1.1"):
            body = document if isinstance(document, bytes) else json.dumps(document).encode()
            start_response(status, [("Content-Type", kind), ("Content-Length", str(len(body)))])
            return [body]

        path, target = environ.get("PATH_INFO", ""), environ.get("HTTP_X_AMZ_TARGET", "")
        operation = target.split(".")[-1]
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        if path == "/lacking":
            self.known = json.loads(body)
            return answer({})
        mine = "Credential=test/" in environ.get("HTTP_AUTHORIZATION", "")
        if operation == "GetProducts":
            return answer(self.products(json.loads(body)))
        # If an operation has several answers, the one whose word is in the request is used.
        known = (k for k in self.known.get("answers", {}) if k.split(":")[0] == operation and k.partition(":")[2].encode() in body)
        if wanted := next(known, None):
            token = "NextToken" if target.startswith("AWSInsightsIndexService") else "nextToken"
            token = "NextPageToken" if operation == "GetCostAndUsageWithResources" else token
            return answer(self.page(wanted, json.loads(body or b"{}"), token) if mine else {})
        if path == "/DescribeSavingsPlans" and "plans" in self.known:
            return answer({"savingsPlans": self.known["plans"] if mine else []}, kind="application/json")
        if path == "/DescribeSavingsPlansOfferingRates" and "rates" in self.known:
            asked = json.loads(body)
            found = [r for r in self.known["rates"] if r["usageType"] in asked["usageTypes"]]
            start = int(asked.get("nextToken") or 0)
            more = {"nextToken": str(start + 2)} if start + 2 < len(found) else {}
            return answer({"searchResults": found[start : start + 2]} | more, kind="application/json")
        form = parse_qs(body.decode(errors="replace")) if not target else {}
        action = form.get("Action", [""])[0]
        if action == "AssumeRole" and form["RoleArn"][0].endswith("role/Guarded") and form.get("ExternalId") != ["7"]:
            text = "<ErrorResponse><Error><Code>AccessDenied</Code><Message>the external id is another</Message></Error></ErrorResponse>"
            return answer(text.encode(), "403 Forbidden", "text/xml")
        if action == "SimulatePrincipalPolicy" and "denied" in self.known:
            asked = [values[0] for name, values in form.items() if name.startswith("ActionNames.member.")]
            rows = "".join(f"<member><EvalActionName>{a}</EvalActionName><EvalResourceName>*</EvalResourceName><EvalDecision>{self.decided(a)}</EvalDecision></member>" for a in asked)
            text = f"<{action}Response><{action}Result><IsTruncated>false</IsTruncated><EvaluationResults>{rows}</EvaluationResults></{action}Result></{action}Response>"
            return answer(text.encode(), kind="text/xml")
        if action == "DescribeReservedInstances" and "reserved" in self.known:
            rows = self.known["reserved"] if mine and "/us-east-1/" in environ["HTTP_AUTHORIZATION"] else ""
            space = "http://ec2.amazonaws.com/doc/2016-11-15/"
            text = f'<{action}Response xmlns="{space}"><requestId>1</requestId><reservedInstancesSet>{rows}</reservedInstancesSet></{action}Response>'
            return answer(text.encode(), kind="text/xml")
        if action in ("DescribeDBInstances", "DescribeDBClusters"):
            return self.with_life_cycle(environ, start_response)
        if environ["REQUEST_METHOD"] == "GET" and "versioning" in environ.get("QUERY_STRING", ""):
            # moto uses another name than S3 for the root element of this answer.
            whole = b"".join(self.app(environ, lambda *_: None)).replace(b"GetBucketVersioningResponse", b"VersioningConfiguration")
            return answer(whole, kind="text/xml")
        return self.app(environ, start_response)

    def with_life_cycle(self, environ, start_response):
        started = []
        whole = b"".join(self.app(environ, lambda *of: started.append(of)))
        for end in (b"</DBInstance>", b"</DBCluster>"):
            whole = whole.replace(end, b"<EngineLifecycleSupport>open-source-rds-extended-support-disabled</EngineLifecycleSupport>" + end)
        status, headers, *_ = started[0]
        start_response(status, [h for h in headers if h[0].lower() != "content-length"] + [("Content-Length", str(len(whole)))])
        return [whole]

    def decided(self, action):
        return "implicitDeny" if action in self.known["denied"] else "allowed"

    def products(self, asked):
        wanted = [(f["Field"], f["Value"]) for f in asked.get("Filters", [])] + [("serviceCode", asked["ServiceCode"])]
        found = [p for p in self.known.get("products", []) if all(same(p, k, v) for k, v in wanted)]
        start, size = int(asked.get("NextToken", 0)), asked.get("MaxResults", 100)
        page = {"FormatVersion": "aws_v1", "PriceList": [json.dumps(p) for p in found[start : start + size]]}
        return page | ({"NextToken": str(start + size)} if start + size < len(found) else {})

    def page(self, wanted, asked, token):
        pages = self.known["answers"][wanted]
        number = int(asked.get(token, 0))
        return pages[number] | ({token: str(number + 1)} if number + 1 < len(pages) else {})
