#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""usage: from-markdown.py NAME SECTION VERSION "ONE LINE" "SEE ALSO" <PAGE.md: the page as scdoc reads it.

A terminal has no room for tables whose cells are paragraphs: each row becomes an entry, its first cell the tag. What is
no table, list, code or heading is text; what else Markdown has is not used in docs/, and stays as it is.
"""
import re
import sys

name, section, version, brief, see_also = sys.argv[1:]


PAGES = {"events.md": "*bindtrace-events*(7)", "recording.md": "*bindtrace-recording*(5)"}


def plain(text):
    text = re.sub(r"([\\_#])", r"\\\1", text.replace("\\*", "*"))
    return text.replace("*", "\\*")


def emphasized(text):
    """Text between pieces of code."""
    out = []
    for piece in re.split(r"(\*\*[^*]+\*\*|\[[^\]]+\]\([^)]+\))", text):
        bold, link = re.fullmatch(r"\*\*(.+)\*\*", piece), re.fullmatch(r"\[([^\]]+)\]\(([^)]+)\)", piece)
        if bold:
            out.append("*" + plain(bold[1]) + "*")
        elif link and link[2] in PAGES:
            out.append(PAGES[link[2]])
        elif link:
            out.append(plain(link[1] + (f" ({link[2]})" if "://" in link[2] else "")))
        else:
            out.append(plain(piece))
    return "".join(out)


def inline(text):
    """Every other piece between backquotes is code: bold."""
    pieces = text.split("`")
    out = "".join("*" + plain(piece) + "*" if i % 2 else emphasized(piece) for i, piece in enumerate(pieces) if piece)
    # two that touch would be read as one
    return out.replace("**", "* *")


def safe(line):
    """What scdoc would take for a heading, a list or a table when a line begins with it."""
    return "\\" + line if line.startswith(tuple("#-.|[]")) else line


def cells(line):
    return [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line.strip()[1:-1])]


def row(found):
    tag, rest = found[0], [cell for cell in found[1:] if cell]
    if not rest:
        return f"*{plain(tag.replace('`', ''))}*\n\n"
    kind = f" ({inline(rest.pop(0))})" if len(found) > 2 and len(rest) > 1 else ""
    # a tag is bold as it is
    return f"{inline(tag) if '`' in tag else '*' + plain(tag) + '*'}{kind}\n\t" + "\n\n\t".join(map(inline, rest)) + "\n\n"


def table(lines, out):
    header = cells(lines[0])
    if any(header[1:]) and header[0] not in ("key",):
        out.append(f"({'; '.join(inline(cell) for cell in header if cell)})\n\n")
    out.extend(row(cells(line)) for line in lines[2:])


def convert(lines):
    out, at = [], 0
    while at < len(lines):
        line, first = lines[at], at
        while at < len(lines) and line.startswith("|") and lines[at].startswith("|"):
            at += 1
        if at > first:
            out.append("\n")
            table(lines[first:at], out)
            continue
        at += 1
        if line.startswith("```") or line.startswith("    "):
            fenced = line.startswith("```")
            code = [] if fenced else [line[4:]]
            while at < len(lines) and not lines[at].startswith("```") and (fenced or lines[at].startswith("    ")):
                code.append(lines[at] if fenced else lines[at][4:])
                at += 1
            at += fenced
            text = "\n".join(code).replace("\\", "\\\\")
            out.append(f"```\n{text}\n```\n")
        elif line.startswith("#"):
            level = len(line) - len(line.lstrip("#"))
            text = plain(line.lstrip("# ").replace("`", ""))
            out.append("\n" + ("# " + text.upper() if level == 2 else "## " + text) + "\n\n")
        elif line.startswith("- "):
            while at < len(lines) and lines[at].startswith("  "):
                line += " " + lines[at].strip()
                at += 1
            out.append("- " + inline(line[2:]) + "\n")
        else:
            # an entry of code or emphasis may go on in the next line
            while line and at < len(lines) and lines[at] and not re.match(r"[#|]|- |```|    ", lines[at]):
                line += " " + lines[at]
                at += 1
            out.append(safe(inline(line)) + "\n")
    return "".join(out)


lines = sys.stdin.read().rstrip("\n").split("\n")
print(f'{name}({section}) "bindtrace {version}" "bindtrace"\n')
print(f"# NAME\n\n{name} - {brief}\n\n# DESCRIPTION\n")
body = convert(lines[1:])
print(re.sub(r"\n{3,}", "\n\n", body).strip("\n"))
print(f"\n# SEE ALSO\n\n{see_also}")
