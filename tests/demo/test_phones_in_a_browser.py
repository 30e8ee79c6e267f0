"""The page in a real browser, used as a newcomer uses it: typed, tapped, by keyboard, on a desk and on a small screen."""

import re
from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect

from tests.demo.conftest import Watched
from tests.demo.town import AMINA, GITTE, JENS

pytestmark = pytest.mark.asyncio(loop_scope="session")
SMALL = {"width": 360, "height": 740}


def last(tab: Page) -> Locator:
    """The last thing that stands on the phone."""
    return tab.locator("#thread .said").last


async def test_ja_typed_on_a_phone_that_was_asked_is_answered_at_once(watched: Watched) -> None:
    tab = await watched.open(AMINA)
    await expect(last(tab)).to_contain_text("Kommer du? Svar JA eller NEJ.")
    await tab.get_by_label("Skriv en besked").fill("ja")
    await tab.keyboard.press("Enter")
    await expect(last(tab)).to_contain_text("Dejligt. Vi ses onsdag")
    await expect(tab.locator(".said.mine .bubble")).to_have_text("Amina: ja")
    await expect(last(tab).locator(".when")).to_contain_text("1 sms")
    await expect(tab.get_by_label("Skriv en besked")).to_have_value("")
    await expect(tab.locator("#whose")).to_contain_text("Amina svarer ikke selv mere")


async def test_a_code_joins_telegram_and_its_buttons_are_pressed_with_the_keyboard(watched: Watched) -> None:
    tab = await watched.open(AMINA)
    await tab.get_by_label("Telegram").check(force=True)
    await tab.get_by_role("button", name="Brug en kode fra coachen").click()
    await expect(last(tab)).to_contain_text("Nu skriver vi til dig her i Telegram")
    await next_day(tab)
    three = last(tab).get_by_role("button", name="3")
    await three.focus()
    await tab.keyboard.press("Enter")
    await expect(last(tab)).to_contain_text("Tak for dit svar.")
    await expect(tab.locator(".tapped")).to_have_text("Amina trykkede: 3")
    await expect(tab.get_by_role("button", name="3")).to_have_count(0)


async def next_day(tab: Page) -> None:
    """Presses it when nothing else is under way, and waits until the page shows another day."""
    idle, clock = tab.locator("body:not([aria-busy])"), tab.locator("#clock")
    await expect(idle).to_have_count(1)
    before = await clock.text_content() or ""
    await tab.get_by_role("button", name="Næste dag", exact=True).click()
    await expect(clock).not_to_have_text(before)
    await expect(idle).to_have_count(1)


async def test_the_next_day_brings_what_is_due_and_says_who_got_something(watched: Watched) -> None:
    tab = await watched.open(GITTE)
    await expect(tab.locator("#clock")).to_have_text(re.compile(r"søndag d\. 1\. marts 2026 kl\. 10[.:]00"))
    await next_day(tab)
    await expect(tab.locator("#clock")).to_have_text(re.compile(r"mandag d\. 2\. marts 2026 kl\. 10[.:]00"))
    await expect(last(tab)).to_contain_text("Hvordan går det med dit projekt")
    await expect(tab.locator("#news")).to_contain_text("Nye beskeder til Amina")
    amina = tab.locator("#people button", has_text="Amina")
    await expect(amina.locator(".count")).to_have_text("1 ny besked")
    await amina.click()
    await expect(tab.locator("#owner")).to_have_text("Aminas telefon")
    await expect(amina.locator(".count")).to_have_count(0)


async def test_the_coachs_list_stands_beside_the_phone(watched: Watched) -> None:
    tab = await watched.open(AMINA)
    await expect(tab.locator("#beside-title")).to_have_text("Karins side af Amina")
    await expect(tab.locator("#tasks")).to_have_text("Ingen.")
    await tab.get_by_role("button", name="RING", exact=True).click()
    await expect(tab.locator("#tasks li")).to_contain_text("Har brug for et opkald.")
    await tab.locator("#people button", has_text="Jens").click()
    await expect(tab.locator("#beside-title")).to_have_text("Mikkels side af Jens")
    await expect(tab.locator("#tasks li")).to_contain_text("En besked kunne ikke komme frem.")


async def test_what_is_typed_never_becomes_markup(watched: Watched) -> None:
    tab = await watched.open(AMINA)
    odd = "<img src=x onerror=\"document.title='run'\"><script>document.title='run'</script>"
    await tab.get_by_label("Skriv en besked").fill(odd)
    await tab.get_by_role("button", name="Send", exact=True).click()
    await expect(tab.locator(".said.mine .bubble")).to_have_text(f"Amina: {odd}")
    await expect(tab.locator("#written li")).to_contain_text(odd)
    assert await tab.locator("main img, main script").count() == 0
    assert await tab.title() == "Telefonerne - Medvind"


@pytest.mark.parametrize("size", [SMALL, {"width": 820, "height": 700}, {"width": 1280, "height": 900}])
async def test_nothing_scrolls_sideways_on_any_screen(size: Any, watched: Watched) -> None:
    await watched.tab.set_viewport_size(size)
    tab = await watched.open()
    seen = [await width(tab)]
    await tab.locator("#people button", has_text="Jens").click()
    await expect(tab.locator("#owner")).to_have_text("Jens' telefon")
    await tab.get_by_label("Skriv en besked").fill("Speciallægepraksisplanlægningsstabiliseringsperiode" * 4)
    await tab.keyboard.press("Enter")
    await expect(tab.locator(".said.theirs")).to_have_count(1)
    seen.append(await width(tab))
    await tab.get_by_label("Telegram").check(force=True)
    seen.append(await width(tab))
    assert seen == [size["width"]] * 3


async def width(tab: Page) -> int:
    """Of all that stands in the page, with what doesn't fit on the phone."""
    thread = "document.getElementById('thread')"
    found: int = await tab.evaluate(f"document.documentElement.scrollWidth + {thread}.scrollWidth - {thread}.clientWidth")
    return found


async def test_on_a_small_screen_one_goes_to_a_phone_and_back(watched: Watched) -> None:
    await watched.tab.set_viewport_size(SMALL)  # type: ignore[arg-type] # a TypedDict of the same two numbers
    tab = await watched.open()
    await expect(tab.locator(".device")).to_be_hidden()
    await tab.locator("#people button", has_text="Gitte").click()
    await expect(tab.locator("#owner")).to_be_focused()
    await expect(tab.locator("#people")).to_be_hidden()
    await tab.get_by_role("link", name="Alle telefoner").click()
    await expect(tab.locator("#people")).to_be_visible()


NAMELESS = """() => [...document.querySelectorAll('button, input, a, [role]')].filter((one) => one.checkVisibility()
  && !(one.textContent.trim() || one.ariaLabel || one.labels?.length || one.getAttribute('aria-labelledby')))
  .filter((one) => one.getAttribute('role') !== 'status').map((one) => one.outerHTML)"""
FAINT = """() => {
  const numbers = (colour) => colour.match(/[0-9.]+/g).map(Number);
  const over = ([r, g, b, a = 1], under) => [r, g, b].map((one, i) => one * a + under[i] * (1 - a));
  const of = (one, what) => numbers(getComputedStyle(one)[what]);
  const ground = (one) => one ? over(of(one, 'backgroundColor'), ground(one.parentElement)) : [255, 255, 255];
  const linear = (one) => one <= .03928 ? one / 12.92 : ((one + .055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => .2126 * linear(r / 255) + .7152 * linear(g / 255) + .0722 * linear(b / 255);
  const contrast = (a, b) => (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
  const written = (node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim();
  const texts = [...document.querySelectorAll('body *')].filter((one) => [...one.childNodes].some(written));
  return texts.filter((one) => one.checkVisibility()).map((one) => {
    const under = ground(one), ink = over(of(one, 'color'), under);
    return [one.className || one.id || one.tagName, Math.round(contrast(light(ink), light(under)) * 10) / 10];
  });
}"""


@pytest.mark.parametrize("channel", ["SMS", "Telegram"])
async def test_everything_has_a_name_and_can_be_read(channel: str, watched: Watched) -> None:
    """At least 4.5 to 1, as WCAG 2.2 asks of text."""
    tab = await watched.open(AMINA)
    await tab.get_by_label(channel).check(force=True)
    if channel == "Telegram":
        await tab.get_by_role("button", name="Brug en kode fra coachen").click()
        await next_day(tab)
        await last(tab).get_by_role("button", name="1").click()
    else:
        await tab.get_by_role("button", name="RING", exact=True).click()
    await expect(tab.locator("#tasks li").first).to_contain_text("Har brug for et opkald.")
    contrasts: list[tuple[str, float]] = await tab.evaluate(FAINT)
    print(f"looked at the contrast of {len(contrasts)} texts")
    assert len(contrasts) > 30
    assert [one for one in contrasts if one[1] < 4.5] == []
    assert await tab.evaluate(NAMELESS) == []


async def test_where_the_demo_has_ended_the_page_says_so(watched: Watched) -> None:
    tab = await watched.open(JENS)
    await tab.route("**/phones/write", lambda route: route.abort())
    await tab.get_by_role("button", name="HJÆLP", exact=True).click()
    await expect(tab.locator("#news")).to_contain_text("Demoen svarer ikke")
    watched.faults.clear()  # the browser itself says on the console that a call came to nothing
