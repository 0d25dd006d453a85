"""Staff at their desk: a curator brings a course out, a coordinator matches everybody who waits."""

from uuid import uuid4

WELSH = {
    "title_cy": "Cwrs newydd (sampl)",
    "summary_cy": "Cwrs sampl ar gyfer y daith hon.",
    "description_cy": "Disgrifiad sampl.",
}


def test_a_curator_is_refused_without_welsh_and_then_publishes(someone, academy, language):
    curator, visitor, word = someone(language), someone(language), uuid4().hex[:8]
    curator.sign_in(academy.newcomer(language, role="curator"))

    curator.go("/admin/")
    curator.picture("admin-desk")
    curator.visit("admin:capability_course_add")
    fill(curator, {"title_en": f"New {word}", "summary_en": "Sample.", "description_en": "Sample."})
    curator.page.locator("#id_level").select_option("introductory")
    curator.page.locator("#id_format").select_option("online_live")
    slug = curator.page.locator("#id_slug").input_value()
    curator.save("_continue")
    curator.picture("admin-course-desk")
    curator.save("_publish", says="error")
    refusal = curator.page.locator(".messagelist .error").inner_text().lower()
    for missing in ("title (Welsh)", "summary (Welsh)", "description (Welsh)"):
        assert curator.say(missing).lower() in refusal
    visitor.go(visitor.at("capability:course", slug))
    visitor.reads("We cannot find that page")

    fill(curator, {**WELSH, "title_cy": f"Newydd {word}"})
    curator.save("_publish", says="info")
    visitor.visit("capability:courses")
    visitor.page.locator("#words").fill(word)
    visitor.press("Search")
    visitor.follow(word, within=".a-card")
    visitor.reads(word)


def fill(staff, words):
    for name, said in words.items():
        staff.page.locator(f"#id_{name}").fill(said)
