"""Terms survive their trip through the database."""

import json
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from tenants.letters.drafts import from_json, to_json
from tenants.letters.rules import AgreementKind, ContactEvery, Terms

amounts = st.none() | st.decimals(0, 100_000, places=2)
days = st.none() | st.dates(date(2000, 1, 1), date(2100, 1, 1))
words = st.text(max_size=20)


@given(
    st.builds(
        Terms,
        kind=st.sampled_from(AgreementKind),
        reason=words,
        charges=amounts,
        arrears=amounts,
        arrears_on=days,
        recovered=st.decimals(0, 100, places=2),
        instalment_count=st.none() | st.integers(1, 120),
        instalment_amount=amounts,
        first_due=days,
        contact_every=st.sampled_from(ContactEvery),
        goals=st.lists(words, max_size=3).map(tuple),
    )
)
def test_the_same_terms_come_back(terms):
    assert from_json(json.loads(json.dumps(to_json(terms)))) == terms


def test_an_older_draft_gets_defaults_and_forgets_what_is_gone():
    terms = from_json({"kind": "fbu", "arrears": "12.50", "was_once_a_field": 1})
    assert (terms.arrears, terms.contact_every) == (Decimal("12.50"), ContactEvery.MONTH)
    assert terms.kind is AgreementKind.FBU
