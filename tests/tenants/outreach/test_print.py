"""Letters and postcards in one PDF: the address in the window, and nothing counts as sent before somebody says so."""

import re
import subprocess
import uuid
from datetime import date, datetime

import pytest

from app.documents.engine import render_pdf
from app.security.models import utc_now
from tenants.cases.codes import Channel, Moment
from tenants.letters import letterhead
from tenants.outreach import printing
from tenants.outreach.paper import Household, Sender, paper
from tenants.outreach.service import attempts_of

pytestmark = pytest.mark.usefixtures("on_tuesday")
LATER = datetime(2026, 12, 10, 9, 30)
HEAD = letterhead.NewLetterhead(
    "Stationsstraat 1", "8400", "Oostende", "0630835639", "059 00 00 00", "a@b.test", "", ()
)
SENDER = Sender("OCMW Oostende", "Stationsstraat 1", "8400 Oostende", "059 00 00 00", "a@b.test", "Marie Declerck")
TO = Household(
    ("Dirk Vermeulen", "An Maes"), ("Dirk", "An"), "Kerkstraat", "12", "3", "8400", "Oostende", "OOS-2026-0412",
    hearing_at=datetime(2026, 12, 1, 9, 30), court="Oostende 1", first_eviction=date(2026, 12, 20),
)  # fmt: skip


@pytest.fixture(scope="module")
def shared():
    return {}


@pytest.fixture
def ocmw(shared, organisation, reading):
    if "ocmw" not in shared:
        shared["ocmw"] = organisation()
        with reading(shared["ocmw"]):
            letterhead.save_letterhead(HEAD)
    return shared["ocmw"]


def chosen(page, name):
    """The values of the boxes on a page that belong to a household."""
    text = page.get_data(as_text=True)
    return [v for v, label in re.findall(r'name="step" value="([^"]+)".*?<b>(.*?)</b>', text, re.S) if name in label]


def test_a_letter_says_what_happened_what_it_means_and_the_day():
    said = {moment: paper(Channel.LETTER, moment, TO, SENDER, date(2026, 11, 24)) for moment in Moment}
    assert said[Moment.PETITION]["address"] == ["Dirk Vermeulen en An Maes", "Kerkstraat 12 bus 3", "8400 Oostende"]
    assert said[Moment.PETITION]["bold"].replace("\u00a0", " ") == (
        "De zitting van het vredegerecht Oostende 1 is op 1 december 2026 om 9.30 uur."
    )
    assert "20\u00a0december 2026" in said[Moment.JUDGMENT]["bold"]
    assert said[Moment.EVICTION]["bold"] == ""


def test_the_address_stands_in_the_window_and_the_open_card_tells_no_secret(tmp_path):
    papers = [paper(kind, Moment.PETITION, TO, SENDER, date(2026, 11, 24)) for kind in printing.ON_PAPER]
    html = printing._templates().get_template("papers-1.html").render(papers=papers, title="Brieven")
    out = tmp_path / "p.pdf"
    out.write_bytes(render_pdf(html, title="B", lang="nl-BE", identifier=uuid.uuid4(), created=utc_now()))
    boxes = subprocess.run(["pdftotext", "-bbox", out, "-"], capture_output=True, text=True, check=True).stdout
    letter, front, card = boxes.split("<page ")[1:]
    mm = 25.4 / 72
    words = [
        (float(x) * mm, float(y) * mm, float(x2) * mm, float(y2) * mm, word)
        for x, y, x2, y2, word in re.findall(
            r'xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)<', letter
        )
    ]
    in_window = [w for w in words if w[0] > 85 and w[1] < 99]
    assert " ".join(w[4] for w in in_window) == "Dirk Vermeulen en An Maes Kerkstraat 12 bus 3 8400 Oostende"
    assert min(w[0] for w in in_window) == pytest.approx(112, abs=1)
    assert max(w[2] for w in in_window) < 195  # bpost: 15 mm free on the right
    assert min(w[1] for w in in_window) > 45
    assert max(w[3] for w in in_window) < 69  # and 30 mm free below
    assert "OCMW" not in front + card
    assert "huur" not in (front + card).lower()


def test_nothing_is_sent_before_it_is_confirmed(ocmw, proceeding, sign_in, send, reading, steps_of, read):
    made, wrong = proceeding(ocmw, "Vermeulen", hearing_at=LATER), proceeding(ocmw, "Papierklem", hearing_at=LATER)
    client = sign_in(ocmw)
    page = client.get("/pogingen/drukwerk/")
    assert "2 stuks zijn af te drukken" in read(page)
    steps = {name: chosen(page, name)[0] for name in ("Vermeulen", "Papierklem")}
    answer = send(client, "/pogingen/drukwerk/", step=list(steps.values()))
    run = answer.headers["Location"]
    assert client.get(run + "drukwerk.pdf").get_data().startswith(b"%PDF")
    with reading(ocmw):
        assert attempts_of(made.case_id) == []
    assert "Niets om af te drukken" in read(client.get("/pogingen/drukwerk/"))
    assert send(client, "/pogingen/drukwerk/", step=list(steps.values())).status_code == 409  # a colleague was first
    assert send(client, run, step=[steps["Vermeulen"]]).status_code == 302
    with reading(ocmw):
        (attempt,) = attempts_of(made.case_id)
        assert (attempt.channel, attempt.result, attempt.moment) == ("letter", None, "petition")
        assert attempts_of(wrong.case_id) == []
    assert steps_of(ocmw, made.case_id)[0] == ("letter", "11-24", "done")
    assert chosen(client.get("/pogingen/drukwerk/"), "Papierklem") == [steps["Papierklem"]]  # it waits again
    assert send(client, run, step=list(steps.values())).status_code == 409
    with reading(ocmw):
        assert len(attempts_of(made.case_id)) == 1


def test_what_cannot_be_printed_is_told(organisation, proceeding, sign_in, send, read, reading):
    bare = organisation()
    proceeding(bare, "Нина", hearing_at=LATER)
    client = sign_in(bare)
    step = chosen(client.get("/pogingen/drukwerk/"), "Нина")
    answer = send(client, "/pogingen/drukwerk/", step=step)
    assert (answer.status_code, "briefhoofd" in read(answer)) == (422, True)
    with reading(bare):
        letterhead.save_letterhead(HEAD)
    assert send(client, "/pogingen/drukwerk/").status_code == 422
    assert send(client, "/pogingen/drukwerk/", step=str(uuid.uuid4())).status_code == 404
    assert send(client, "/pogingen/drukwerk/", step="x").status_code == 400
