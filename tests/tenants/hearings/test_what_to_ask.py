"""What the sheet says to ask, out of what is known before the hearing."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenants.hearings.rules import Lawyer, Prospect, what_to_ask

SUMMER, WINTER = date(2026, 7, 1), date(2026, 12, 1)


@pytest.mark.parametrize(
    ("known", "says", "says_not"),
    [
        ({"reached": False}, "Nog niet bereikt", "termijnen"),
        ({"reached": True}, "verzoening", "Nog niet bereikt"),
        ({"owes_rent": True}, "in termijnen", "Leg het voorstel"),
        ({"owes_rent": True, "has_proposal": True}, "Leg het voorstel op papier voor", "in termijnen"),
        ({"lawyer": Lawyer.NONE}, "of de huurder een advocaat wil", "Er is een advocaat gevraagd"),
        ({"lawyer": Lawyer.ASKED}, "Er is een advocaat gevraagd", "een advocaat wil"),
        ({"lawyer": Lawyer.FOUND}, "meer tijd", "advocaat"),
        ({"hearing_on": WINTER, "children": 2}, "zoals de kinderen in het gezin, de winter of geen andere", "een kind"),
        ({"children": 1}, "zoals een kind in het gezin of geen andere woning", "winter"),
        ({"children": 0}, "zoals geen andere woning (Ger.W. art. 1344quater)", "kind"),
    ],
)
def test_what_is_asked(known, says, says_not):
    prospect = Prospect(**{"hearing_on": SUMMER, "reached": True, "owes_rent": False, "has_proposal": False} | known)
    asked = " ".join(what_to_ask(prospect))
    assert says in asked
    assert says_not not in asked


@settings(max_examples=40)
@given(
    st.builds(
        Prospect,
        hearing_on=st.dates(),
        reached=st.booleans(),
        owes_rent=st.booleans(),
        has_proposal=st.booleans(),
        lawyer=st.sampled_from(Lawyer),
        children=st.none() | st.integers(0, 9),
    )
)
def test_conciliation_comes_first_and_a_sheet_has_room_for_all(prospect):
    asked = what_to_ask(prospect)
    assert "verzoening" in asked[0 if prospect.reached else 1]
    assert len(asked) <= 5
    assert max(map(len, asked)) < 200
