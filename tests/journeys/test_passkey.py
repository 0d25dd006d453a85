"""A person adds a passkey in a real browser and signs in with it alone; the device is simulated."""

import pytest

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def device():
    """Gives this browser a fingerprint reader that always agrees."""

    def given(person):
        line = person.page.context.new_cdp_session(person.page)
        line.send("WebAuthn.enable")
        line.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})

    return given


def test_a_passkey_is_added_and_signs_its_owner_in(someone, device):
    person = someone("en")
    device(person)
    person.sign_in("improver2@example.org")

    person.go("/en/account/two-step/passkeys/add/")
    person.page.locator("#id_password").fill("a sample of journeys")
    person.press("Continue")
    person.press("Add a passkey")
    person.page.wait_for_url("**/recovery-codes/**")
    person.reads("Recovery codes")
    person.page.locator(".a-bar").get_by_role("button", name="Sign out").click()

    person.go("/en/account/sign-in/")
    person.page.get_by_role("button", name="Sign in with a passkey").click()
    person.page.wait_for_url(lambda address: "sign-in" not in address)
    person.go("/en/account/")
    person.reads("Your account")
