"""A small GitHub and GitLab on loopback for tests: keeps comments, pages its lists, and fails as it is told.

usage: server.py STATE [FAULTS]   prints its port. STATE is rewritten after every request:
{"requests": [[method, path, token]], "comments": [...], "checks": [...]}. FAULTS is a JSON list; each is used up by the
first request whose method and part of path it names:
{"method", "path", "status", "headers", "done": bool, "drop": bool, "times": n}; with "done" the server does what was
asked before it fails. STATE may exist already with "comments" and "pageSize", to start from.
"""

import json
import os
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlparse

STATE, FAULTS = sys.argv[1], json.load(open(sys.argv[2])) if len(sys.argv) > 2 else []
state = {"requests": [], "comments": [], "checks": [], "pulls": [], "pageSize": 100, "login": None}
if os.path.exists(STATE):
    state.update(json.load(open(STATE)))


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *words):
        pass

    def answer(self, status, value, headers=()):
        body = json.dumps(value).encode()
        self.send_response(status)
        for name, text in dict(headers).items():
            self.send_header(name, text)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def fault(self):
        for fault in FAULTS:
            if fault.get("times", 1) > 0 and fault["method"] == self.command and fault.get("path", "") in self.path:
                fault["times"] = fault.get("times", 1) - 1
                return fault

    def handle_all(self):
        length = int(self.headers.get("Content-Length") or 0)
        sent = json.loads(self.rfile.read(length)) if length else None
        token = self.headers.get("Authorization") or self.headers.get("PRIVATE-TOKEN")
        state["requests"].append([self.command, self.path, token])
        fault = self.fault()
        try:
            if fault and not fault.get("done"):
                result = None
            else:
                result = self.serve(sent)
        finally:
            with open(STATE + ".new", "w") as file:
                json.dump(state, file)
            os.replace(STATE + ".new", STATE)
        if fault:
            if fault.get("drop"):
                self.close_connection = True
                self.connection.close()
                return
            result = (fault["status"], {"message": "told to fail"}, fault.get("headers", {}))
        self.answer(*result)

    do_GET = do_POST = do_PUT = do_PATCH = handle_all

    def serve(self, sent):
        url = urlparse(self.path)
        query = {name: values[-1] for name, values in parse_qs(url.query).items()}
        github = not url.path.startswith("/api/v4")
        parts = url.path.removeprefix("/api/v4").strip("/").split("/")
        if parts == ["user"]:
            if state["login"] is None and github:
                return 403, {"message": "Resource not accessible by integration"}, {}
            return 200, {"id": 7, "login": state["login"]}, {}
        if parts[-1] == "pulls":
            return 200, [p for p in state["pulls"] if p["head"]["label"] == query.get("head")], {}
        if parts[-1] == "check-runs":
            state["checks"].append(sent)
            return 201, {"id": len(state["checks"])}, {}
        if parts[-1] in ("comments", "notes"):
            if self.command == "POST":
                author = {"user": {"login": state["login"] or "ci[bot]", "type": "User" if state["login"] else "Bot"}}
                if not github:
                    author = {"author": {"id": 7}}
                comment = {"id": 1000 + len(state["comments"]), "body": sent["body"].strip(), **author}
                state["comments"].append(comment)
                return 201, comment, {}
            size, page = min(state["pageSize"], int(query["per_page"])), int(query["page"])
            found = state["comments"][(page - 1) * size:page * size]
            more = page * size < len(state["comments"])
            if github:
                # The address is one that nobody must follow.
                return 200, found, {"Link": '<http://evil.invalid/?page=%d>; rel="next"' % (page + 1)} if more else {}
            return 200, found, {"X-Next-Page": str(page + 1) if more else ""}
        for comment in state["comments"]:
            if parts[-1] == str(comment["id"]):
                comment["body"] = sent["body"].strip()
                return 200, comment, {}
        return 404, {"message": "Not Found"}, {}


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()
