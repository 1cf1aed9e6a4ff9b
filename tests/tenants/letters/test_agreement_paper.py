"""The printed agreement: its text as people read it, its conformance, and that a final one never changes.

After a wanted change of the text: run with GOLDEN=write and review the difference of tests/tenants/letters/golden.
"""

import dataclasses
import json
import os
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
from tests.tenants.letters.samples import EMPTY_DRAFT, FBU, GUIDANCE, SAMPLES

GOLDEN = Path(__file__).parent / "golden"
WHEN = {"identifier": uuid.UUID(int=7), "created": datetime(2021, 3, 15, 10, tzinfo=UTC)}
# WeasyPrint paints the marks of a list after its text. Who listens follows the tags, where they stand in front.
PAINT_ORDER = "ORD-001"


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
    assert [(f.rule, f.message) for f in result.findings if f.rule != PAINT_ORDER] == []


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


def test_a_link_that_goes_to_the_next_line_breaks_the_line_before_it():
    """With these words WeasyPrint put 'Marie' on a line of its own."""
    contact = {
        "contact_name": "Marie Declerck",
        "contact_phone": "059 00 00 00",
        "contact_email": "medewerker.oostende@demo.woonvast.example",
    }
    text = text_of(pdf_of(dataclasses.replace(GUIDANCE, terms=dataclasses.replace(GUIDANCE.terms, **contact))))
    assert "Marie Declerck is de vaste contactpersoon van de huurder, te bereiken via 059 00 00 00 of" in text


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
