"""The printed agreement: its text as people read it, its conformance, and that a final one never changes.

After a wanted change of the text: run with GOLDEN=write and review the difference of tests/tenants/letters/golden.
"""

import dataclasses
import json
import os
import re
import uuid
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import outloud
import page
import pymupdf
import pytest

from tenants.letters.paper import agreement_paper
from tenants.letters.printing import CURRENT, body, to_pdf
from tenants.letters.rules import Tenant
from tests.tenants.letters.samples import EMPTY_DRAFT, FBU, GUIDANCE, SAMPLES

ROOM_TO_SIGN = 45  # points, 16 mm
GOLDEN = Path(__file__).parent / "golden"
WHEN = {"identifier": uuid.UUID(int=7), "created": datetime(2021, 3, 15, 10, tzinfo=UTC)}


def pdf_of(agreement, **more):
    return to_pdf("agreement", CURRENT["agreement"], agreement_paper(agreement), **WHEN, **more)


def text_of(pdf):
    with pymupdf.open(stream=pdf) as document:
        pages = [sheet.get_text().replace("\u00a0", " ").strip() for sheet in document]
    return "\n\n==== next page ====\n\n".join(pages) + "\n"


@pytest.fixture(scope="module", params=sorted(SAMPLES))
def sample(request):
    return request.param, pdf_of(SAMPLES[request.param], draft=request.param == "empty_draft")


def test_reads_as_agreed(sample):
    name, pdf = sample
    golden = GOLDEN / f"{name}.txt"
    if os.environ.get("GOLDEN") == "write":
        golden.write_text(text_of(pdf))
    assert text_of(pdf) == golden.read_text()


@pytest.mark.parametrize("profile", ["ua1", "3a"])
def test_conforms_to_both_standards(sample, profile):
    report = page.validate_pdf_bytes(sample[1], profile=profile)
    assert [(failure.rule_id, failure.message) for failure in report.failures] == []


def test_a_second_checker_finds_nothing_to_mend(sample, tmp_path):
    path = tmp_path / "document.pdf"
    path.write_bytes(sample[1])
    result = outloud.check(str(path))
    assert result.error is None
    assert [(finding.rule, finding.message) for finding in result.findings] == []


def test_the_frozen_content_gives_the_same_bytes_after_a_trip_through_json():
    frozen = json.loads(json.dumps(agreement_paper(FBU)))
    assert to_pdf("agreement", 1, frozen, **WHEN) == pdf_of(FBU)


def test_the_signatures_never_stand_alone_on_a_page():
    """Whatever the length of the text before it, the page of the signatures opens with agreed text."""
    for lines in range(0, 40, 6):
        extra = " ".join(["Dit is een extra afspraak tussen de partijen."] * lines)
        longer = dataclasses.replace(FBU, terms=dataclasses.replace(FBU.terms, extra=extra))
        with pymupdf.open(stream=pdf_of(longer)) as document:
            pages = [sheet.get_text() for sheet in document]
        signing = next(text for text in pages if "Ondertekening" in text)
        assert not signing.lstrip().startswith("Artikel 9"), f"{lines} lines"
        assert signing.count("Datum en handtekening") == 4


def test_a_long_plan_repeats_its_headings_and_keeps_its_total_company():
    terms = dataclasses.replace(FBU.terms, instalment_count=60, months=36)
    with pymupdf.open(stream=pdf_of(dataclasses.replace(FBU, terms=terms))) as document:
        pages = [sheet.get_text() for sheet in document]
    with_rows = [text for text in pages if "Samen te betalen" in text]
    assert len(with_rows) >= 2
    total = next(text for text in pages if "Totaal van de aflossingen" in text)
    assert "Samen te betalen" in total


def test_a_box_to_sign_in_has_room_however_many_names_stand_in_it():
    names = tuple(f"Vertegenwoordiger {number}, directeur van een dienst met een lange naam" for number in range(9))
    many = dataclasses.replace(FBU, organisation=dataclasses.replace(FBU.organisation, representatives=names))
    with pymupdf.open(stream=pdf_of(many)) as document:
        sheet = next(sheet for sheet in document if "Ondertekening" in sheet.get_text())
        prompts = sheet.search_for("Datum en handtekening")
        boxes = [path["rect"] for path in sheet.get_drawings() if path["rect"].width > 200 and path["rect"].height > 90]
    assert len(prompts) == len(boxes) == 4
    for prompt in prompts:
        (around,) = [box for box in boxes if box.contains(prompt)]
        assert around.y1 - prompt.y1 > ROOM_TO_SIGN


def test_more_boxes_than_a_page_holds_go_on_over_the_next():
    household = tuple(Tenant(f"Huisgenoot {number}", date(1990, 1, number)) for number in range(1, 19))
    with pymupdf.open(stream=pdf_of(dataclasses.replace(FBU, tenants=household))) as document:
        prompts = [(sheet.number, box) for sheet in document for box in sheet.search_for("Datum en handtekening")]
        bottom = document[0].rect.height - 60  # where the line at the foot of a page begins
    assert len(prompts) == 20
    assert len({number for number, _ in prompts}) >= 2
    assert all(box.y1 + ROOM_TO_SIGN < bottom for _, box in prompts)


def test_an_account_and_a_structured_communication_are_not_broken():
    for filler in range(0, 60, 4):
        terms = dataclasses.replace(FBU.terms, pay_to="BE71096123456769", recovered=Decimal(filler + 1) * 111)
        text = text_of(pdf_of(dataclasses.replace(FBU, terms=terms)))
        assert text.count("BE71 0961 2345 6769") == 2
        assert "+++010/8068/17183+++" in text


def test_each_line_that_people_type_is_a_paragraph_of_its_own():
    terms = dataclasses.replace(FBU.terms, reason="Eerst dit.\n\nDan <dat>.", extra="Een afspraak.\nNog een.")
    html = body("agreement", 1, agreement_paper(dataclasses.replace(FBU, terms=terms)))
    for paragraph in ("Eerst dit.", "Dan &lt;dat&gt;.", "Een afspraak.", "Nog een."):
        assert f"<p>{paragraph}</p>" in html


def test_a_link_longer_than_a_line_stays_on_the_paper():
    link = "https://voorbeeld.be/" + "lang-adres" * 30
    terms = dataclasses.replace(FBU.terms, extra=link, goals=("x" * 300,))
    pdf = pdf_of(dataclasses.replace(FBU, terms=terms))
    with pymupdf.open(stream=pdf) as document:
        edge = document[0].rect.width - 60
        assert all(word[2] < edge for sheet in document for word in sheet.get_text("words"))
    joined = "".join(text_of(pdf).replace("\u200b", "").split())
    assert link in joined
    assert "x" * 300 in joined


def test_only_long_words_are_broken_and_never_into_bits():
    texts = [text_of(pdf_of(sample)) for sample in SAMPLES.values()]
    broken = [parts for text in texts for parts in re.findall(r"(\w+)\u00ad\n(\w+)", text)]
    assert broken
    for before, after in broken:
        assert len(before + after) >= 12, before + after
        assert min(len(before), len(after)) >= 4, before + after


def test_what_people_type_is_text_and_never_markup():
    hostile = dataclasses.replace(
        GUIDANCE, terms=dataclasses.replace(GUIDANCE.terms, reason="<img src='file:///etc/passwd'> & <b>vet</b>")
    )
    assert "<img src='file:///etc/passwd'> & <b>vet</b>" in text_of(pdf_of(hostile)).replace("\n", " ")


def test_the_page_shows_the_same_text_under_its_own_heading():
    html = body("agreement", 1, agreement_paper(GUIDANCE), top=2)
    assert "<h1" not in html
    assert "<h2>Begeleidingsovereenkomst</h2>" in html
    assert html.count("<h3") == 9


@pytest.mark.parametrize(
    "terms",
    [{"start": date(2019, 1, 1)}, {"instalment_count": 900}, {"ocmw_payment": Decimal(9000)}, {"arrears": None}],
)
def test_a_draft_that_contradicts_itself_can_still_be_looked_at(terms):
    assert "Begeleidingsovereenkomst" in body(
        "agreement", 1, agreement_paper(dataclasses.replace(FBU, terms=dataclasses.replace(FBU.terms, **terms)))
    )


def test_a_draft_shows_its_gaps_and_that_it_is_one():
    text = text_of(pdf_of(EMPTY_DRAFT, draft=True))
    assert "Ontwerp, niet om te tekenen" in text
    assert "[nog in te vullen]" in text
    assert "[nog in te vullen]" not in text_of(pdf_of(FBU))


@pytest.mark.parametrize(
    ("since", "social", "law"),
    [
        (date(2018, 12, 31), False, "act"),
        (date(2019, 1, 1), None, "decree"),
        (date(2018, 1, 1), True, "social"),
        (None, None, ""),
    ],
)
def test_names_the_law_of_the_lease(since, social, law):
    lease = dataclasses.replace(FBU.lease, since=since, is_social=social)
    assert agreement_paper(dataclasses.replace(FBU, lease=lease))["lease_law"] == law


def test_what_is_reclaimed_is_said():
    terms = dataclasses.replace(FBU.terms, recovered=Decimal("636.00"))
    text = " ".join(text_of(pdf_of(dataclasses.replace(FBU, terms=terms))).split())
    assert "Het OCMW vraagt hiervan € 636,00 terug van de huurder" in text
    assert "vraagt dit bedrag niet terug" not in text
