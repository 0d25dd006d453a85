"""A visitor arrives, in either language, on a desk or a phone."""

import pytest


@pytest.mark.parametrize("phone", [False, True])
def test_a_visitor_chooses_a_language_and_changes_it_again(someone, phone):
    visitor = someone("cy", phone=phone)

    visitor.go("/")
    visitor.press("Cymraeg")
    assert visitor.page.url.endswith("/cy/")
    visitor.language = "en"
    visitor.page.get_by_role("link", name="English").click()

    assert visitor.page.url.endswith("/en/")
    visitor.picture(f"home-{'phone' if phone else 'desk'}")
