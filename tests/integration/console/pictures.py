"""Pictures of pages: for looking at, and, with WARMLINE_TEST_SCREENSHOTS naming a folder, for the handbook."""

import os
from pathlib import Path

from playwright.async_api import Page

FOLDER = os.environ.get("WARMLINE_TEST_SCREENSHOTS")
HANDBOOK = frozenset(
    {"board", "escalation", "closing", "not-live", "board-phone", "report", "callback", "taken-over", "stood-down"}
    | {"changes", "staff", "link-code"}
)
"""Those that docs/operators.zh-CN.md shows."""

UNREADABLE = """() => {
  const channel = (c) => { c /= 255; return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4; };
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const parse = (text) => (text.match(/[\\d.]+/g) || []).map(Number);
  const behind = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const c = parse(getComputedStyle(e).backgroundColor);
      if (c.length && (c.length < 4 || c[3] > 0.9)) return c;
    }
    return [255, 255, 255];
  };
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement, text = walker.currentNode.textContent.trim();
    if (!text || !element.checkVisibility() || element.closest("svg")) continue;
    const style = getComputedStyle(element);
    const one = light(parse(style.color)), other = light(behind(element));
    const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    const size = parseFloat(style.fontSize);
    if (ratio < 4.5 || size < 14) found.push(`${text.slice(0, 20)}: ${ratio.toFixed(1)}, ${size}px`);
  }
  return found;
}"""


async def unreadable(page: Page) -> list[str]:
    """Texts with a contrast below 4.5 (WCAG AA) or smaller than 14 px."""
    found: list[str] = await page.evaluate(UNREADABLE)
    return found


async def is_too_wide(page: Page) -> bool:
    """Whether the page has to be moved sideways."""
    wide: bool = await page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1")
    return wide


async def take(page: Page, name: str, folder: Path) -> None:
    """Into the test's folder, and into the handbook's when it is being made."""
    for place in (folder, Path(FOLDER) if FOLDER and name in HANDBOOK else None):
        if place is not None:
            place.mkdir(parents=True, exist_ok=True)
            await page.screenshot(path=place / f"{name}.png", animations="disabled")


async def looked_at(page: Page, name: str, folder: Path) -> None:
    """A picture of it, and what a picture does not tell."""
    await take(page, name, folder)
    assert await unreadable(page) == []
    assert not await is_too_wide(page)
