#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Opens `nelumbo reward play` in headless Chromium and uses it as people, and enemies, do.

    play_page.py NELUMBO [--chromium /usr/bin/chromium] [--pictures FOLDER]

Plants a run whose prompts, answers and evidence are hostile, and looks at the page at 1280 x 800
and in a window of 400 pixels. --pictures keeps what it looked like. Prints a line for each check;
exit code 1 when one failed. Needs the packages playwright and zstandard, and a Chromium.
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

import zstandard
from playwright.sync_api import sync_playwright

HOSTILE = [
    "<script>window.hacked = 1</script>",
    "<img src=x onerror='window.hacked = 1'>",
    "\"><svg onload=window.hacked=1>",
    "<iframe src='https://example.org/'></iframe><link rel=stylesheet href='https://example.org/a'>",
    "</pre></details></article><style>body { display: none }</style>",
    "<a href='javascript:window.hacked=1'>x</a><form action='https://example.org/'>",
    "\u202eright to left\u202c {{7*7}} ${window.hacked = 1}",
    "w" * 3000,
]
FAILED = []


def check(name, passed, seen=""):
    print(f"{'ok  ' if passed else 'FAIL'} {name}" + (f": {seen}" if seen != "" else ""))
    if not passed:
        FAILED.append(name)


def component(name, layer, value, weight, evidence="seen"):
    return {"name": name, "layer": layer, "value": value, "weight": weight, "evidence": evidence}


def trajectory(sample, text, right, kind):
    """An answer that is right or kind, whose parts both weigh one half."""
    return {"sample": sample, "version": 1, "answered": True, "finish": "stop", "tokens": [1],
            "sampled": [1], "text": text, "answer": text, "calls": [], "thoughts": [],
            "outcome": {"kind": "score", "total": (right + kind) / 2, "rule": right, "rubric": kind,
                        "credit": "multiplier", "process": 1, "shaping": 0, "gate": "",
                        "components": [component("right", "rule", right, 0.5, text),
                                       component("kind " + text[:60], "rubric", kind, 0.5, text)],
                        "steps": [{"first_token": 0, "last_token": 1, "factor": 1, "reason": text}]}}


def group(number, spec, answers):
    return {"group": number, "spec_hash": "0" * 32,
            "prompt": {"id": f"{number} {HOSTILE[number % len(HOSTILE)]}", "task": "ask",
                       "reward": spec, "text": HOSTILE[(number + 1) % len(HOSTILE)],
                       "view": [0, 0, 10, 10], "truth": {"answer": HOSTILE[number % len(HOSTILE)]}},
            "trajectories": answers}


def wait_until(page, holds):
    """Asks until an expression holds; the page's policy forbids Playwright's own way of waiting."""
    for _ in range(300):
        if page.evaluate(holds):
            return
        page.wait_for_timeout(100)
    sys.exit(f"play_page.py: waited in vain for: {holds}")


def shaped_group(number):
    """Two answers that earn 1; a fault makes a tenth of the first, and of its shaping, 0.04."""
    faulty, clean = trajectory(0, "faulty", 1, 1), trajectory(1, "clean", 1, 1)
    faulty["outcome"].update(process=0.1, shaping=0.004, total=0.104)
    faulty["outcome"]["components"] += [component("loop", "process", 0.1, 0),
                                        component("short", "shaping", 0.004, 1)]
    return group(number, "a shaped", [faulty, clean])


def plant_run(folder):
    """Step 1 has one group; step 2 has hostile groups of two specs, one whose order is known (the
    first answer is right, the second kind), and one whose shaping a fault has scaled."""
    first, known = (
        group(n, "a", [trajectory(0, "the right one", 1, 0.2), trajectory(1, "the kind one", 0, 1)])
        for n in (6, 0))
    hostile = [group(n, ["a", "b " + HOSTILE[1]][n % 2],
                     [trajectory(i, text, i % 2, 0.5) for i, text in enumerate(HOSTILE)])
               for n in range(1, 5)]
    stopped = trajectory(8, "stopped", 1, 1)
    stopped["outcome"].update(gate=HOSTILE[0], total=0)
    stopped["outcome"]["components"].append(component(HOSTILE[0], "gate", 0, 0))
    failed = trajectory(9, "failed", 1, 1)
    failed["outcome"] = {"kind": "infra_error", "reason": HOSTILE[1]}
    hostile[0]["trajectories"] += [stopped, failed]
    traces = pathlib.Path(folder) / "traces" / "rl"
    traces.mkdir(parents=True)
    for step, groups in ((1, [first]), (2, [known, *hostile, shaped_group(5)])):
        lines = "".join(json.dumps(one) + "\n" for one in groups)
        (traces / f"step_{step}.jsonl.zst").write_bytes(zstandard.compress(lines.encode()))


def check_sight(page, pictures):
    """Nothing is wider than the window, whatever is opened."""
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    for width, height in ((1280, 800), (400, 800)):
        page.set_viewport_size({"width": width, "height": height})
        wide = page.evaluate("document.documentElement.scrollWidth")
        check(f"no sideways scrolling at {width} x {height}", wide <= width, f"{wide} pixels")
        small = page.evaluate("""Math.min(...[...document.querySelectorAll('body *')]
            .filter((e) => e.offsetParent && e.textContent.trim())
            .map((e) => parseFloat(getComputedStyle(e).fontSize)))""")
        check(f"letters of 12 pixels and more at {width}", small >= 12, f"{small} pixels")
        if pictures:
            page.screenshot(path=str(pathlib.Path(pictures) / f"play_{width}.png"))
    page.set_viewport_size({"width": 1280, "height": 800})
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = false")


def focus_order(page, most):
    """What each press of Tab leads to, until it leaves the page, and whether it shows."""
    page.evaluate("document.activeElement.blur()")
    page.mouse.click(1, 1)
    order = []
    for _ in range(most):
        page.keyboard.press("Tab")
        at, shows = page.evaluate("""(() => {
            const all = [...document.querySelectorAll('select, button, input, summary')];
            const now = document.activeElement, style = getComputedStyle(now);
            return [all.indexOf(now), style.outlineStyle !== 'none'];
        })()""")
        if at < 0:
            break
        order.append((at, shows))
    return order


def check_keyboard(page):
    count = page.evaluate("document.querySelectorAll('select, button, input, summary').length")
    order = focus_order(page, count + 5)
    check("Tab reaches everything, in the order of the page",
          [at for at, _ in order] == list(range(count)), f"{len(order)} of {count}")
    check("what has the focus shows it", all(shows for _, shows in order))

    first = page.locator("article[data-prompt^='0 ']").first
    names = lambda: [one.split(" ", 1)[1] for one in first.locator("summary").all_inner_texts()]
    check("the best answer stands first", names()[0].endswith("the right one"), names()[0])
    slider = page.get_by_label("rule/right", exact=True)
    slider.focus()
    page.keyboard.press("Home")
    check("a key turns a slider", slider.evaluate("one => one.value") == "0")
    # Without the rule the totals are 0.2 and 1.
    check("groups are ranked anew", names()[0].endswith("the kind one"), names()[0])
    check("the totals are those of the new weights",
          first.locator("summary b").all_inner_texts() == ["1.000", "0.200"],
          str(first.locator("summary b").all_inner_texts()))
    check("it says what turned round", "pairs turn round" in page.locator("#summary").inner_text(),
          page.locator("#summary").inner_text())
    check("the slider keeps the focus", slider.evaluate("one => one === document.activeElement"))
    page.locator("#reset").focus()
    page.keyboard.press("Enter")
    check("the stored weights come back", names()[0].endswith("the right one"))

    line = first.locator("summary").first
    line.focus()
    page.keyboard.press("Enter")
    check("Enter opens an answer and its evidence",
          first.locator("table").first.is_visible() and "rule/right" in first.inner_text())
    page.locator("#step").focus()
    page.keyboard.press("ArrowUp")
    wait_until(page, "document.querySelectorAll('article').length === 1")
    check("a key chooses another step", page.locator("#step").input_value() == "1")
    page.keyboard.press("ArrowDown")
    wait_until(page, "document.querySelectorAll('article').length > 1")


def check_process(page):
    """The power of the process factor scales earnings and shaping alike."""
    page.locator("#spec").select_option("a shaped")
    slider = page.get_by_label("process", exact=True)
    slider.focus()
    for key, totals in (("Home", ["1.040", "1.000"]), ("End", ["1.000", "0.010"])):
        page.keyboard.press(key)
        seen = page.locator("article summary b").all_inner_texts()
        check(f"shaping follows the process factor, {key}", seen == totals, str(seen))
    page.locator("#reset").click()
    page.locator("#spec").select_option("a")


def check_enemies(page, asked, address, said):
    for spec in page.locator("#spec option").all_inner_texts():
        page.locator("#spec").select_option(spec)
        page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    check("no text of a model is run", page.evaluate("window.hacked === undefined"))
    check("no text of a model becomes an element",
          page.evaluate("document.querySelectorAll('img, svg, iframe, form, a, body style, body script, "
                        "body link').length") == 0)
    shown = page.evaluate("document.querySelector('#groups').textContent")
    check("each is shown as it is", all(text in shown for text in HOSTILE))
    origin, token = address.split("/#")
    check("nobody else is asked", all(one.startswith(origin + "/") for one in asked),
          f"{len(asked)} requests")
    check("the token stands in no address", all(token not in one for one in asked))
    check("the console has no complaint", not said, "; ".join(said)[:300])


def check_strangers(browser, address):
    page = browser.new_page()
    page.goto(address.split("#")[0])
    wait_until(page, "document.querySelector('#message').textContent !== ''")
    check("without the token it shows nothing and says why",
          "token" in page.locator("#message").inner_text()
          and page.locator("article").count() == 0, page.locator("#message").inner_text())
    page.close()


def look(address, chromium, pictures):
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        asked, said = [], []
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda line: said.append(line.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("dialog", lambda dialog: (said.append("a dialog"), dialog.dismiss()))
        page.goto(address)
        page.wait_for_selector("article")
        check("the newest step is shown", page.locator("#step").input_value() == "2")
        check_sight(page, pictures)
        check_keyboard(page)
        check_process(page)
        check_enemies(page, asked, address, said)
        check_strangers(browser, address)
        browser.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("nelumbo")
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    parser.add_argument("--pictures")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        plant_run(folder)
        served = subprocess.Popen([given.nelumbo, "reward", "play", folder], text=True,
                                  stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        try:
            look(served.stdout.readline().strip(), given.chromium, given.pictures)
        finally:
            served.terminate()
            check("a signal ends it", served.wait(30) == 0, f"exit code {served.returncode}")
    return bool(FAILED)


if __name__ == "__main__":
    sys.exit(main())
