"""Whether a profile has no number but what is public: python3 numbers.py PAGE CODE [SPOIL]

What may stand in it is worked out anew, by psql, from share.public_cell as the login
of PG* sees it.  SPOIL, a count that is hidden, is put in place of the first "hidden",
or its percentage beside it: this must fail.
"""
import html.parser
import re
import subprocess
import sys

CELLS = """
SELECT c.level, c.area, c.unit, c.count, b.count AS of_all, round(100.0 * c.count / nullif(b.count, 0), 1) AS percent
FROM share.public_cell AS c
JOIN share.public_cell AS b ON b.snapshot = c.snapshot AND b.unit = c.unit AND b.level = c.level AND b.area OPERATOR(registry.=) c.area
	AND b.limited_to IS NULL AND c.attributes @> b.attributes
WHERE c.count IS NOT NULL AND b.count IS NOT NULL AND c.limited_to IS NULL AND c.level IN ('country', 'province', 'district')
"""


class Rows(html.parser.HTMLParser):
    """The cells of all rows, the figures, and the rest of the text outside of charts' titles."""

    def __init__(self):
        super().__init__()
        self.rows, self.figures, self.charts, self.other, self.inside = [], [], [], [], []

    def handle_starttag(self, tag, attributes):
        if tag != "meta":
            self.inside.append(tag)
        if tag == "tr":
            self.rows.append([])
        elif tag == "td":
            self.rows[-1].append("")
        elif tag == "strong":
            self.figures.append("")

    def handle_startendtag(self, tag, attributes):
        pass

    def handle_endtag(self, tag):
        while self.inside and self.inside.pop() != tag:
            pass

    def handle_data(self, text):
        if "td" in self.inside:
            self.rows[-1][-1] += text
        elif "strong" in self.inside:
            self.figures[-1] += text
        elif "svg" in self.inside and text.strip():
            self.charts.append(text)


def public(sql):
    out = subprocess.run(["psql", "-XAtq", "-F", "|", "-c", sql], check=True, capture_output=True, text=True).stdout
    return [line.split("|") for line in out.splitlines()]


def problems(page, code):
    cells = public(CELLS)
    pairs = {(c[3], c[5]) for c in cells if c[0] == "district"}
    here = {(c[3], c[5]) for c in cells if c[0] == "district" and c[1] == code}
    of_here = {(c[5], c[4]) for c in cells if c[0] == "district" and c[1] == code}
    percents = {level: {c[5] for c in cells if c[0] == level} for level in ("country", "province", "district")}
    found = []
    parser = Rows()
    parser.feed(page)
    for row in (r for r in parser.rows if r):
        row = [v.strip().replace(",", "") for v in row]
        if len(row) == 4:
            count, percent, province, nation = row
            right = (count == "hidden" and percent == "–" or (count, percent) in here) \
                and (province == "–" or province in percents["province"]) and (nation == "–" or nation in percents["country"])
        elif len(row) == 2:
            right = row == ["hidden", "–"] or tuple(row) in pairs
        else:
            right = len(row) == 1 and row[0] in percents["district"]
        if not right:
            found.append(f"row {row}")
    for figure in parser.figures:
        match = re.fullmatch(r"([\d,]+)|([\d.]+) % of ([\d,]+)|hidden.*|Scores are by the formula.*", re.sub(r"\s+", " ", figure).strip())
        if not match or match.group(1) and (match.group(1).replace(",", ""), "100.0") not in here \
                or match.group(2) and (match.group(2), match.group(3).replace(",", "")) not in of_here:
            found.append(f"figure {figure}")
    drawn = {p for s in percents.values() for p in s}
    for text in parser.charts:
        for number in re.findall(r"([\d.]+) %", text):
            if number not in drawn:
                found.append(f"chart {number}")
    if len(parser.rows) < 60 or len(parser.figures) < 5 or len(parser.charts) < 60:
        found.append("the page is not read as it is written")
    return found


def main():
    page = open(sys.argv[1], encoding="utf-8").read()
    if len(sys.argv) > 3:
        page = page.replace("<td>hidden</td>", f"<td>{sys.argv[3]}</td>", 1)
    found = problems(page, sys.argv[2])
    for problem in found[:20]:
        print("not public:", problem)
    return 1 if found else 0


sys.exit(main())
