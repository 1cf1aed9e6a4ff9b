"""A route on a phone, in a real browser: without a network the list is there, a visit is logged, and arrives once."""

from datetime import timedelta

from playwright.sync_api import expect

from app.security.models import utc_now
from tenants.outreach import route
from tenants.outreach.service import attempts_of
from tenants.petitions.course import today

STORED = """async () => {
  const database = await new Promise((done) => {
    const asked = indexedDB.open("woonvast-offline");
    asked.onsuccess = () => done(asked.result);
  });
  const read = (name) => new Promise((done) => {
    const asked = database.transaction(name).objectStore(name).getAll();
    asked.onsuccess = () => done(asked.result);
  });
  const all = { keys: await read("keys"), lists: await read("lists"), entries: await read("entries") };
  const text = new TextDecoder().decode(all.lists.length ? all.lists[0].data : new ArrayBuffer(0));
  database.close();
  return [all.keys.length, all.lists.length, all.entries.length, text.includes("Vermeulen")];
}"""


def test_a_visit_logged_without_a_network_arrives_once(open_page, organisation, proceeding, sign_in, reading):
    ocmw = organisation()
    made = proceeding(ocmw, received_on=today(), hearing_at=utc_now() + timedelta(days=5))
    with reading(ocmw):
        route.carry([row.id for row in route.visits()])
    page = open_page(sign_in(ocmw))
    context = page.context

    page.goto("/pogingen/route/")
    page.get_by_role("link", name="Meenemen op deze telefoon").click()
    expect(page.get_by_role("heading", name="Vermeulen, Dirk")).to_be_visible()
    page.wait_for_function("navigator.serviceWorker.controller && caches.has('woonvast-offline')")
    page.wait_for_function("caches.open('woonvast-offline').then((c) => c.keys()).then((kept) => kept.length > 4)")

    context.set_offline(True)
    page.reload()  # as when the phone closed the page on the way
    expect(page.get_by_role("heading", name="Vermeulen, Dirk")).to_be_visible()
    expect(page.locator("#state")).to_contain_text("Geen verbinding")
    page.get_by_text("Bezoek noteren").click()
    page.get_by_label("Niet thuis").check()
    page.get_by_label("Notitie").fill("Gordijnen dicht")
    page.get_by_role("button", name="Bewaren").click()
    expect(page.locator("#state")).to_have_attribute("data-waiting", "1")
    assert page.evaluate(STORED) == [1, 1, 1, False]
    with reading(ocmw):
        assert attempts_of(made.case_id) == []

    context.set_offline(False)
    expect(page.locator("#state")).to_have_attribute("data-waiting", "0")
    expect(page.locator("#state")).to_contain_text("Alles is aangekomen")
    page.reload()
    expect(page.locator(".visit .tag")).to_have_text("gedaan")
    with reading(ocmw):
        (attempt,) = attempts_of(made.case_id)
        assert (attempt.result, attempt.note) == ("not_home", "Gordijnen dicht")

    context.clear_cookies()
    page.goto("/login/")
    page.wait_for_function(f"({STORED})().then((kept) => kept[0] + kept[1] + kept[2] === 0)")
