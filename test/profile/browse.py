"""What a browser makes of a profile: python3 browse.py PAGE FOLDER

Opens the page in headless Chromium at the width of a phone and of a desk, looks for
what must not be, and prints it to PDF.  Screenshots go to FOLDER.  Each check is then
shown to see: a copy of the page with one thing spoilt must fail it.
"""
import base64
import json
import pathlib
import re
import socket
import sys
import threading

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

CHECKS = r"""
const problems = [];
const say = (check, what) => problems.push(check + ': ' + what);
const short = e => '<' + e.tagName.toLowerCase() + '> ' + (e.textContent || '').trim().slice(0, 40);
const root = document.documentElement;

if (root.scrollWidth > window.innerWidth) say('overflow', root.scrollWidth + ' of ' + window.innerWidth);
for (const e of document.body.querySelectorAll('*')) {
	if (e.ownerSVGElement) continue;
	const r = e.getBoundingClientRect();
	if (r.width > 0 && (r.right > window.innerWidth + 1 || r.left < -1)) say('overflow', short(e));
}

const rgba = c => { const n = c.match(/[\d.]+/g).map(Number); return n.length < 4 ? [...n, 1] : n; };
const over = (a, b) => [0, 1, 2].map(i => a[i] * a[3] + b[i] * (1 - a[3])).concat(1);
const light = c => { const [r, g, b] = c.map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
const behind = e => {
	const layers = [];
	for (; e; e = e.parentElement) {
		const c = rgba(getComputedStyle(e).backgroundColor);
		if (c[3] > 0) layers.push(c);
		if (c[3] === 1) break;
	}
	return layers.reverse().reduce((below, c) => over(c, below), [255, 255, 255, 1]);
};
let texts = 0;
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
	const text = walker.currentNode.data.trim(), e = walker.currentNode.parentElement;
	if (!text || e.closest('title,desc')) continue;
	const svg = e.ownerSVGElement, style = getComputedStyle(e);
	const back = behind(svg || e), fore = over(rgba(svg ? style.fill : style.color), back);
	const [a, b] = [light(fore), light(back)];
	const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
	texts++;
	if (ratio < 4.5) say('contrast', ratio.toFixed(2) + ' ' + short(e));
	const urdu = /[\u0600-\u06ff]/.test(text), marked = e.closest('[lang]').getAttribute('lang') === 'ur';
	if (urdu !== marked && (urdu || /[A-Za-z]{2}/.test(text))) say('language', text.slice(0, 40));
	if (urdu && (svg ? style.direction : getComputedStyle(e).direction) !== 'rtl') say('direction', text.slice(0, 40));
}
if (texts < 100) say('text', 'only ' + texts);

let level = 0;
for (const h of document.querySelectorAll('h1,h2,h3,h4,h5,h6')) {
	const n = Number(h.tagName[1]);
	if (n > level + 1 || n === 1 && level > 0) say('headings', short(h));
	level = n;
}
let below = -Infinity;
for (const e of document.querySelectorAll('h1,h2,footer')) {
	const y = e.getBoundingClientRect().top;
	if (y < below) say('order', short(e));
	below = y;
}
if (!root.lang || root.dir !== 'ltr') say('language', 'of the page');
for (const svg of document.querySelectorAll('svg')) {
	if (svg.getAttribute('role') !== 'img' || !(svg.getAttribute('aria-label') || '').trim()) say('name', 'an svg has none');
	if (svg.classList.contains('chart') && !svg.closest('article').querySelector('table')) say('table', 'a chart has none');
}
const ids = [...document.querySelectorAll('[id]')].map(e => e.id);
for (const id of new Set(ids)) if (ids.filter(i => i === id).length > 1) say('id', id + ' twice');
for (const u of document.querySelectorAll('use')) if (!document.querySelector(u.getAttribute('href'))) say('id', u.getAttribute('href') + ' is nowhere');
for (const t of document.querySelectorAll('table')) {
	if (!t.caption || !t.caption.textContent.trim()) say('table', 'without a caption');
	for (const d of t.querySelectorAll('td')) {
		const range = document.createRange();
		range.selectNodeContents(d);
		if (range.getClientRects().length > 1) say('broken', d.textContent);
	}
	// a word is not cut in two
	for (const th of t.querySelectorAll('th[scope=row]')) {
		const words = document.createTreeWalker(th, NodeFilter.SHOW_TEXT);
		for (let n = words.nextNode(); n; n = words.nextNode())
			for (const m of n.data.matchAll(/[A-Za-z]+/g)) {
				const range = document.createRange();
				range.setStart(n, m.index);
				range.setEnd(n, m.index + m[0].length);
				if (range.getClientRects().length > 1) say('broken', m[0]);
			}
	}
	if (!t.tHead || [...t.rows].some(r => !r.querySelector('th[scope]'))) say('table', 'a row without a header cell');
}
for (const e of document.querySelectorAll('script,iframe,object,embed,link,[src],[onload],[onclick],[href]'))
	if (!/^#/.test(e.getAttribute('href') || '')) say('outside', short(e));
return problems;
"""


class Listener:
    """Counts who connects to a port of this machine."""

    def __init__(self):
        self.count = 0
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        while True:
            connection, _ = self.socket.accept()
            self.count += 1
            connection.close()


def start(profile):
    options = Options()
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
                     "--disable-background-networking", "--no-first-run", f"--user-data-dir={profile}"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL"})
    return webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)


def look(driver, page, width):
    """Problems of a page at a width, requests that left it among them."""
    driver.get_log("performance")
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride",
                           {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 600})
    driver.get(page.as_uri())
    problems = driver.execute_script(CHECKS)
    for entry in driver.get_log("performance"):
        message = json.loads(entry["message"])["message"]
        if message["method"] == "Network.requestWillBeSent":
            # the browser's own first tab may still be loading
            url, by = message["params"]["request"]["url"], message["params"]["documentURL"]
            if by == page.as_uri() and url != by:
                problems.append("request: " + url)
    return problems


def screenshot(driver, name):
    size = driver.execute_cdp_cmd("Page.getLayoutMetrics", {})["cssContentSize"]
    shot = driver.execute_cdp_cmd("Page.captureScreenshot", {
        "format": "png", "captureBeyondViewport": True,
        "clip": {"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1}})
    data = base64.b64decode(shot["data"])
    if name:
        name.write_bytes(data)
    return len(data)


def main():
    page, folder = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
    html = page.read_text(encoding="utf-8")
    listener = Listener()
    driver = start(folder / "chromium")
    failed = []
    try:
        for name, width in (("phone", 360), ("desk", 1100)):
            failed += [f"{name}: {p}" for p in look(driver, page, width)]
            size = screenshot(driver, folder / f"profile-{name}.png")
            print(f"{name}: {width} px wide, {size} bytes: {folder / f'profile-{name}.png'}")
            if size < 60000:
                failed.append(f"{name}: the screenshot is as good as blank")
        pdf = base64.b64decode(driver.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True})["data"])
        (folder / "profile.pdf").write_bytes(pdf)
        if not pdf.startswith(b"%PDF") or len(pdf) < 20000 or not 1 < len(re.findall(rb"/Type\s*/Page\b", pdf)) < 20:
            failed.append("it cannot be printed")

        # each check sees what it is for
        image = f'<img alt="" src="http://127.0.0.1:{listener.port}/x.png">'
        policy = re.search(r"<meta http-equiv[^>]*>", html).group(0)
        spoilt = {
            "request": html.replace(policy, "").replace("</main>", image + "</main>"),
            "outside": html.replace("</main>", "<script>1</script></main>"),
            "contrast": html.replace("color:#414b53", "color:#9aa4ac"),
            "overflow": html.replace("</main>", '<p style="width:2000px">wide</p></main>'),
            "broken": html.replace("td{white-space:nowrap}", "td{overflow-wrap:anywhere}"),
            "headings": html.replace("<h3", "<h4").replace("</h3>", "</h4>"),
            "order": html.replace("<footer>", '<footer style="position:absolute;top:0">'),
            "language": html.replace(' lang="ur"', ""),
            "direction": html.replace(' dir="rtl"', ""),
            "name": re.sub(' aria-label="[^"]*"', "", html, count=1),
            "table": html.replace(' scope="row"', ""),
            "id": html.replace('id="chart', 'id="other'),
        }
        for check, text in spoilt.items():
            copy = folder / f"spoilt-{check}.html"
            copy.write_text(text, encoding="utf-8")
            if text == html or not any(p.startswith(check + ":") for p in look(driver, copy, 360)):
                failed.append(f"a page with {check} spoilt passes")
            copy.unlink()
        if listener.count == 0:
            failed.append("what a page fetches is not seen")
        # the policy of the page stops what would be fetched
        before, copy = listener.count, folder / "with-policy.html"
        copy.write_text(html.replace("</main>", image + "</main>"), encoding="utf-8")
        look(driver, copy, 360)
        if listener.count != before:
            failed.append("the policy of the page lets an image be fetched")
        copy.unlink()
        driver.get("about:blank")
        if screenshot(driver, None) >= 60000:
            failed.append("a blank page is not told from a full one")
    finally:
        driver.quit()
    for problem in failed[:40]:
        print("FAILED", problem)
    return 1 if failed else 0


sys.exit(main())
