"""A StateFun function at an HTTP endpoint, by the request-reply protocol alone (sdk/request-reply.proto,
version 3), without an SDK. It drops changes of customers whose id starts with "drop", and adds to all
others how many changes of their row it has seen, which it keeps as a value. Prints its port."""
import json
from http.server import BaseHTTPRequestHandler, HTTPServer


def varint(number):
    out = b""
    while number > 127:
        out += bytes([number & 127 | 128])
        number >>= 7
    return out + bytes([number])


def field(number, value):
    if isinstance(value, bool):
        return varint(number << 3) + varint(int(value))
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    value = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(value)) + value


def read(data):
    """Fields of a message: number -> values."""
    fields, at = {}, 0

    def number():
        nonlocal at
        result = shift = 0
        while True:
            byte = data[at]
            at += 1
            result |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return result

    while at < len(data):
        tag = number()
        if tag & 7 == 2:
            size = number()
            value = data[at:at + size]
            at += size
        else:
            value = number()
        fields.setdefault(tag >> 3, []).append(value)
    return fields


def typed(typename, value):
    return field(1, typename) + field(2, True) + field(3, value)


INT = "io.statefun.types/int"
CHANGE = "io.webhookdb.types/change"


def answer(request):
    batch = read(read(request)[100][0])
    values = {}
    for persisted in batch.get(2, []):
        one = read(persisted)
        stored = read(one[2][0]) if 2 in one else {}
        values[one[1][0].decode()] = int(stored[3][0]) if stored.get(2) else 0
    if "seen" not in values:
        spec = field(1, "seen") + field(3, "example/count")
        return field(101, field(1, spec))
    result, seen = b"", values["seen"]
    for invocation in batch[3]:
        argument = read(read(invocation)[2][0])
        assert argument[1][0].decode() == CHANGE, argument[1]
        change = json.loads(argument[3][0])
        seen += 1
        if change["external_id"].startswith("drop"):
            continue
        change["seen"] = seen
        change["id"] = "not yours to change"
        egress = field(1, "io.webhookdb") + field(2, "result")
        egress += field(3, typed(CHANGE, json.dumps(change).encode()))
        result += field(4, egress)
    mutation = field(1, 1) + field(2, "seen") + field(3, typed("example/count", str(seen).encode()))
    return field(100, field(1, mutation) + result)


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = answer(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *ignored):
        pass


server = HTTPServer(("127.0.0.1", 0), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()
