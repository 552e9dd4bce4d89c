# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Opens a report in headless Chromium and holds what is drawn against the recording: drawn.py REPORT RECORDING FOLDER
Prints "ok NAME" and "FAIL NAME: why"."""
import collections
import datetime
import html.parser
import json
import os
import re
import struct
import subprocess
import sys
import tempfile
import zlib

REPORT, RECORDING, FOLDER = sys.argv[1:]
LEFT, RIGHT = 48, 812
VOID = {"meta", "br", "hr", "img", "input", "link"}


def check(name, got, wanted):
    print(f"ok {name}" if got == wanted else f"FAIL {name}: {got!r} instead of {wanted!r}")


def browser(*arguments):
    with tempfile.TemporaryDirectory() as profile:
        return subprocess.run(
            ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync",
             "--disable-background-networking", "--disable-component-update", "--hide-scrollbars",
             "--enable-logging=stderr", f"--user-data-dir={profile}", *arguments,
             "file://" + os.path.abspath(REPORT)],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60, check=True)


class Node:
    def __init__(self, tag, attributes):
        self.tag, self.attributes, self.children = tag, attributes, []

    def all(self, tag, cls=None):
        for child in self.children:
            if isinstance(child, Node):
                if child.tag == tag and (not cls or cls in child.attributes.get("class", "").split()):
                    yield child
                yield from child.all(tag, cls)

    def text(self):
        return "".join(c if isinstance(c, str) else c.text() for c in self.children)


class Tree(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.root = Node("root", {})
        self.open = [self.root]
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        node = Node(tag, dict(attrs))
        self.open[-1].children.append(node)
        if tag not in VOID:
            self.open.append(node)

    def handle_startendtag(self, tag, attrs):
        self.open[-1].children.append(Node(tag, dict(attrs)))

    def handle_endtag(self, tag):
        while len(self.open) > 1 and self.open.pop().tag != tag:
            pass

    def handle_data(self, data):
        self.open[-1].children.append(data)


def ns(time):
    seconds, part = time.rstrip("Z").split(".")
    whole = datetime.datetime.fromisoformat(seconds).replace(tzinfo=datetime.timezone.utc)
    return int(whole.timestamp()) * 10**9 + int(part)


def incidents(path):
    """What the recording says, by nothing but its JSON."""
    found, order = {}, []
    for line in map(json.loads, open(path, encoding="utf-8")):
        if line["kind"] not in ("failure", "folded", "resolved"):
            continue
        key = line["protocol"], line["address"], line.get("port")
        if key not in found:
            found[key] = {"refusals": 0, "exact": [], "sockets": {}, "winner": None, "line": line}
            order.append(found[key])
        one = found[key]
        if line["kind"] == "resolved":
            one["winner"] = f"{line['process']['comm']}[{line['process']['pid']}]"
            one["got"] = ns(line["time"])
            continue
        one["refusals"] += line["repeat"]["adds"]
        if line["kind"] == "failure":
            one["exact"].append(ns(line["time"]))
            for holder in line.get("holders", []):
                if holder["blocks"]:
                    one["sockets"][holder["role"], holder["cookie"]] = holder
    return order


def position(svg, time):
    begin, end = int(svg.attributes["data-from"]), int(svg.attributes["data-to"])
    return LEFT + (time - begin) / (end - begin) * (RIGHT - LEFT)


def start_of(path):
    return float(re.match(r"M([0-9.]+)", path.attributes["d"])[1])


def near(a, b):
    return abs(a - b) < 0.1


def check_incident(name, article, truth):
    svg = next(svg for svg in article.all("svg"))
    check(f"{name}_refusals", sum(int(g.attributes["data-count"]) for g in svg.all("g", "refused")), truth["refusals"])
    ticks = [start_of(p) for p in svg.all("path", "tick")]
    check(f"{name}_ticks", [t for t in truth["exact"] if not any(near(position(svg, t), x) for x in ticks)], [])
    bars = list(svg.all("g", "bar"))
    check(f"{name}_bars", len(bars), len(truth["sockets"]))
    check(f"{name}_rows", sum(len(list(t.all("tr"))) - 1 for t in article.all("table", "bars")), len(bars))
    for bar, holder in zip(bars, truth["sockets"].values()):
        closing = holder.get("time_wait")
        began = closing["closed_by"]["time"] if closing else holder["bound_by"]["time"]
        known = next(bar.all("rect", "known"))
        check(f"{name}_bar_begins", near(float(known.attributes["x"]), position(svg, ns(began))), True)
        check(f"{name}_bar_label", str(holder["port"]) in next(bar.all("title")).text(), True)
        if closing:
            end = position(svg, ns(closing["frees_at"]))
            drawn = [(float(r.attributes["x"]) + float(r.attributes["width"])) for r in bar.all("rect")]
            check(f"{name}_frees", near(start_of(next(bar.all("path", "end"))), end) and near(max(drawn), end), True)
            check(f"{name}_computed", len(list(bar.all("rect", "expected"))), 1)
    won = [start_of(p) for p in svg.all("path", "won")]
    check(f"{name}_won", len(won), int(bool(truth["winner"])))
    if won:
        check(f"{name}_won_when", near(won[0], position(svg, truth["got"])), True)
        check(f"{name}_winner", f"got by {truth['winner']} after" in svg.text(), True)
    ids = {node.attributes["id"] for tag in ("title", "desc") for node in svg.all(tag) if "id" in node.attributes}
    check(f"{name}_named", (svg.attributes["role"], set(svg.attributes["aria-labelledby"].split()) == ids), ("img", True))


def check_document(dom, truths):
    tree = Tree(dom).root
    articles = list(tree.all("article"))
    check("html_incidents", len(articles), len(truths))
    for number, (article, truth) in enumerate(zip(articles, truths), 1):
        check_incident(f"html_{number}", article, truth)
    tags = {node.tag for tag in ("script", "s", "img", "iframe", "link", "object") for node in tree.all(tag)}
    check("html_only_ours", (tags, [b.text() for b in tree.all("b") if not b.text().isdigit()]), (set(), []))
    policy = [m.attributes["content"] for m in tree.all("meta") if "http-equiv" in m.attributes]
    check("html_policy", policy, ["default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"])
    text = next(tree.all("body")).text()
    check("html_hostile_name", "<b>x</b>&'\"[" in text and "a|b`c](d)[" in text, True)
    check("html_controls_shown", "\\x1b[31mred\\n" in text and "\\xe2\\x80\\xaegnp.exe" in text, True)
    check("html_no_controls", [c for c in text if c in "\x1b\u202e"], [])
    links = [a.attributes["href"] for a in tree.all("a")]
    check("html_links", [link for link in links if not re.fullmatch(r"#incident-\d+", link)], [])
    check("html_addresses", re.findall(r"(?:src|href|url|@import)[=( ]*[\"']?(?!#incident)\w*:?//", dom), [])


def requests_of_page(log):
    """What the page, not the browser for itself, has asked for."""
    events = [event.get("params", {}) for event in json.load(open(log, encoding="utf-8"))["events"]]
    return [p["url"] for p in events if "url" in p and p.get("initiator") in ("file://", "null")
            and not p["url"].startswith(("file:", "data:"))]


def pixels(png):
    """How often each colour is there, of what Chromium writes: 8 bits, RGB or RGBA, not interlaced."""
    data, at, packed = open(png, "rb").read(), 8, b""
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at:at + 8])
        body = data[at + 8:at + 8 + length]
        if kind == b"IHDR":
            width, height, depth, color = struct.unpack(">IIBB", body[:10])
            assert depth == 8 and color in (2, 6)
        elif kind == b"IDAT":
            packed += body
        at += 12 + length
    size = 3 if color == 2 else 4
    raw, row, colors = zlib.decompress(packed), bytearray(width * size), collections.Counter()
    for y in range(height):
        line = raw[y * (width * size + 1):(y + 1) * (width * size + 1)]
        row = unfilter(line[0], bytearray(line[1:]), row, size)
        colors.update(zip(row[0::size], row[1::size], row[2::size]))
    return colors


def unfilter(how, line, above, size):
    for i in range(len(line)) if how else ():
        left, corner = (line[i - size], above[i - size]) if i >= size else (0, 0)
        if how == 4:
            guess = left + above[i] - corner
            near_by = abs(guess - left), abs(guess - above[i]), abs(guess - corner)
            guess = (left, above[i], corner)[near_by.index(min(near_by))]
        else:
            guess = (0, left, above[i], (left + above[i]) // 2)[how]
        line[i] = line[i] + guess & 255
    return line


def luminance(rgb):
    linear = [c / 255 / 12.92 if c / 255 <= 0.04045 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in rgb]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def check_picture(name, page, ink, colors, *arguments):
    """On a page of this colour are text, bars and ticks of those colours, and they can be told from it."""
    png = os.path.join(FOLDER, name + ".png")
    browser("--window-size=1000,2400", f"--screenshot={png}", *arguments)
    seen = pixels(png)
    check(f"{name}_page", seen.most_common(1)[0][0], page)
    check(f"{name}_colors", [c for c in colors if seen[c] < 50], [])
    contrast = [(max(luminance(page), luminance(c)) + 0.05) / (min(luminance(page), luminance(c)) + 0.05)
                for c in (ink, *colors)]
    check(f"{name}_contrast", [c for c in contrast if c < 4.5], [])


def check_paper(truths):
    pdf = os.path.join(FOLDER, "report.pdf")
    browser(f"--print-to-pdf={pdf}", "--no-pdf-header-footer", "--blink-settings=preferredColorScheme=0")
    text = subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, check=True, text=True).stdout
    check("print_incidents", len(re.findall(r"^ *\d+\. bind ", text, re.M)), len(truths))
    check("print_labels", text.count("In the way"), sum(bool(t["sockets"]) for t in truths))
    check("print_closed_tables", "The refusals as a table" in text, False)
    png = os.path.join(FOLDER, "paper")
    subprocess.run(["pdftoppm", "-r", "40", "-png", "-singlefile", pdf, png], check=True)
    check("print_white", pixels(png + ".png").most_common(1)[0][0], (255, 255, 255))


truth = incidents(RECORDING)
log = os.path.join(FOLDER, "net.json")
ran = browser("--dump-dom", f"--log-net-log={log}")
check_document(ran.stdout.decode(), truth)
check("html_console", [line for line in ran.stderr.decode().splitlines() if "CONSOLE" in line], [])
check("html_requests", requests_of_page(log), [])
check_picture("light", (255, 255, 255), (0x1b, 0x1f, 0x24), [(0x0b, 0x6b, 0xcb), (0xb4, 0x5f, 0x06), (0xc4, 0x16, 0x1c)])
check_picture("dark", (0x0f, 0x13, 0x17), (0xe6, 0xe9, 0xec), [(0x5a, 0xa7, 0xf5), (0xf0, 0xa0, 0x4b), (0xff, 0x7b, 0x78)],
              "--blink-settings=preferredColorScheme=0")
check_paper(truth)
