"""Opens a page in headless Chromium and tells what happens, through the DevTools protocol over its pipe.

usage: inspect.py CHROMIUM PAGE [SCREENSHOT]   prints JSON: what was logged, which requests left the page, which controls
have no accessible name, and what the keys and filters did.
"""

import base64
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

chromium, page = sys.argv[1], "file://" + os.path.abspath(sys.argv[2])
profile = tempfile.mkdtemp(prefix="logicdiff-chromium-")
to_browser, from_us = os.pipe()
to_us, from_browser = os.pipe()


def adopt():
    # The browser reads commands from 3 and writes answers to 4.
    reads, writes = os.dup(to_browser), os.dup(from_browser)
    os.dup2(reads, 3)
    os.dup2(writes, 4)


browser = subprocess.Popen(
    [chromium, "--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe", "--no-first-run",
     "--disable-background-networking", "--window-size=1300,1500", f"--user-data-dir={profile}", "about:blank"],
    preexec_fn=adopt, pass_fds=(3, 4) if {3, 4} <= {to_browser, from_browser} else (3, 4, to_browser, from_browser),
    stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
os.close(to_browser)
os.close(from_browser)
buffer, events, counter, session = b"", [], 0, None


def receive():
    global buffer
    while b"\0" not in buffer:
        part = os.read(to_us, 1 << 20)
        if not part:
            raise EOFError("the browser went away")
        buffer += part
    message, buffer = buffer.split(b"\0", 1)
    return json.loads(message)


def send(method, **parameters):
    global counter
    counter += 1
    message = {"id": counter, "method": method, "params": parameters}
    if session:
        message["sessionId"] = session
    os.write(from_us, json.dumps(message).encode() + b"\0")
    while True:
        answer = receive()
        if answer.get("id") == counter:
            if "error" in answer:
                raise RuntimeError(f"{method}: {answer['error']}")
            return answer["result"]
        events.append(answer)


def value(expression):
    return send("Runtime.evaluate", expression=expression, returnByValue=True)["result"].get("value")


def key(text):
    send("Input.dispatchKeyEvent", type="keyDown", key=text, text=text)
    send("Input.dispatchKeyEvent", type="keyUp", key=text)


def load(url):
    start, seen = time.monotonic(), len(events)
    send("Page.navigate", url=url)
    while not any(event.get("method") == "Page.loadEventFired" for event in events[seen:]):
        events.append(receive())
    return time.monotonic() - start


def give_up(*_):
    raise TimeoutError("the browser took longer than two minutes")


signal.signal(signal.SIGALRM, give_up)
signal.alarm(120)
result = {}
try:
    target = send("Target.createTarget", url="about:blank")["targetId"]
    session = send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
    for domain in ("Page", "Runtime", "Log", "Network", "Accessibility"):
        send(domain + ".enable")
    result["seconds"] = load(page)
    value("window.marked = 0")
    result["shown"] = value("document.getElementById('shown').textContent")
    result["title"] = value("document.title")
    result["scripts"] = value("document.scripts.length")
    result["foreign"] = value("document.querySelectorAll('img,iframe,object,embed,link,base,a[href^=http]').length")
    result["handlers"] = value(
        "Array.from(document.querySelectorAll('*')).filter(e => Array.from(e.attributes).some(a => "
        "/^on/i.test(a.name) || a.name === 'style')).length")
    tree = send("Accessibility.getFullAXTree")["nodes"]
    controls = {"button", "checkbox", "searchbox", "textbox", "link", "img", "DisclosureTriangle", "table", "region"}
    result["nameless"] = sorted({
        node["role"]["value"] for node in tree
        if not node.get("ignored") and node.get("role", {}).get("value") in controls
        and not node.get("name", {}).get("value") and node["role"]["value"] != "table"})
    key("j")
    result["firstFocus"] = value("document.activeElement.closest('.unit')?.dataset.name")
    key("j")
    result["secondFocus"] = value("document.activeElement.closest('.unit')?.dataset.name")
    was = value("document.activeElement.closest('.unit')?.open")
    key("o")
    result["toggled"] = was != value("document.activeElement.closest('.unit')?.open")
    value("document.querySelector('.filters input[value=changed]')?.click()")
    result["withoutChanged"] = value("document.querySelectorAll('.unit.changed:not([hidden])').length")
    if len(sys.argv) > 3:
        for scheme in ("light", "dark"):
            send("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
            load(page)
            shot = send("Page.captureScreenshot", format="png")["data"]
            with open(f"{sys.argv[3]}-{scheme}.png", "wb") as file:
                file.write(base64.b64decode(shot))
    send("Emulation.setScriptExecutionDisabled", value=True)
    load(page)
    result["unitsWithoutScript"] = value("document.querySelectorAll('.unit').length")
    result["filtersWithoutScript"] = value("getComputedStyle(document.querySelector('.filters')).display")
finally:
    result["logged"] = [
        event["params"] for event in events
        if event.get("method") in ("Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded")]
    result["requests"] = [
        event["params"]["request"]["url"] for event in events if event.get("method") == "Network.requestWillBeSent"
        and event["params"]["request"]["url"] != page]
    browser.kill()
    browser.wait()
    shutil.rmtree(profile, ignore_errors=True)
print(json.dumps(result, indent=1))
