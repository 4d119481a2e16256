"""A proxy that injects faults: faults.py PORT UPSTREAM [OPERATION]

One request in twenty fails, with the next fault in `FAULTS` each time (`slow` succeeds). If OPERATION is given, requests that match it
always fail. `GET /faults` returns how often each fault occurred.
"""

import asyncio
import itertools
import json
import re
import socket
import struct
import sys

import cbor2

EVERY = 20
FAULTS = ["throttle", "500", "reset", "slow", "cut", "short", "expired"]
# Services with an XML protocol, by the scope of the signature.
XML = re.compile(rb"/(autoscaling|ec2|elasticache|elasticloadbalancing|iam|rds|s3|sts)/aws4_request")
happened = dict.fromkeys(FAULTS, 0)
numbers = itertools.count(1)
turns = itertools.cycle(FAULTS)
never = itertools.cycle([fault for fault in FAULTS if fault != "slow"])


def error(head, status, code):
    """Returns an error in the protocol of the request."""
    document, more = {"__type": code, "message": "by the proxy"}, ""
    if b"/service/" in head.split(b"\r\n")[0]:
        body, kind, more = cbor2.dumps(document), "application/cbor", "smithy-protocol: rpc-v2-cbor\r\n"
    elif not XML.search(head):
        body, kind, more = json.dumps(document).encode(), "application/json", f"x-amzn-errortype: {code}\r\n"
    else:
        text = f"<Response><Errors><Error><Code>{code}</Code><Message>by the proxy</Message></Error></Errors></Response>"
        body, kind = text.encode(), "text/xml"
    more += f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    return f"HTTP/1.1 {status}\r\n{more}".encode() + body


async def upstream(host, port, head, body):
    reader, writer = await asyncio.open_connection(host, port)
    first, *rest = head.split(b"\r\n")
    rest = [line for line in rest if line and not line.lower().startswith((b"connection:", b"expect:"))]
    writer.write(b"\r\n".join([first, *rest, b"Connection: close", b"", body]))
    answer = await reader.read()
    writer.close()
    return answer


def shorter(answer):
    """Returns two thirds of the body, with headers for that shorter length."""
    head, body = answer.split(b"\r\n\r\n", 1)
    lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"content-length:")]
    body = body[: len(body) * 2 // 3]
    return b"\r\n".join([*lines, f"Content-Length: {len(body)}".encode(), b"", body])


async def serve(reader, writer, host, port, operation):
    try:
        head = await reader.readuntil(b"\r\n\r\n")
        length = [line.split(b":")[1] for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
        body = await reader.readexactly(int(length[0])) if length else b""
        if head.startswith(b"GET /faults "):
            told = json.dumps(happened)
            writer.write(f"HTTP/1.1 200 OK\r\nContent-Length: {len(told)}\r\n\r\n{told}".encode())
            return await writer.drain()
        always = operation and re.search(operation, head + body)
        fault = next(never) if always else next(turns) if next(numbers) % EVERY == 0 else None
        if fault:
            happened[fault] += 1
        if fault == "throttle":
            writer.write(error(head, "400 Bad Request", "ThrottlingException"))
        elif fault == "500":
            writer.write(error(head, "500 Internal Server Error", "InternalError"))
        elif fault == "expired":
            writer.write(error(head, "400 Bad Request", "ExpiredToken"))
        elif fault == "reset":
            # The connection is closed without an answer.
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return writer.transport.abort()
        else:
            answer = await upstream(host, port, head, body)
            if fault == "slow":
                await asyncio.sleep(2)
            if fault == "cut":
                answer = answer[: len(answer) * 2 // 3]
            writer.write(shorter(answer) if fault == "short" else answer)
        await writer.drain()
    except (ConnectionError, asyncio.IncompleteReadError):
        pass
    finally:
        writer.close()


async def main():
    port, to = int(sys.argv[1]), sys.argv[2].removeprefix("http://").split(":")
    operation = sys.argv[3].encode() if len(sys.argv) > 3 else b""
    server = await asyncio.start_server(lambda r, w: serve(r, w, to[0], int(to[1]), operation), "127.0.0.1", port, limit=1 << 24)
    await server.serve_forever()


asyncio.run(main())
