"""The NHS components in both languages, the fields that draw themselves, and the colours."""

import re
from datetime import date
from pathlib import Path

import pytest
from django import forms
from django.template import Context, Template
from django.utils.translation import override

from academy.dates import NHSDateField
from academy.templatetags.nhs import jinja, render, trail

# Every component a page uses, with the little a page must say itself.
COMPONENTS = {
    "back-link": {"href": "/"},
    "breadcrumb": {"items": [{"href": "/", "text": "Hafan"}, {"href": "/x", "text": "Cyrsiau"}]},
    "button": {"text": "Anfon"},
    "character-count": {"name": "a", "id": "a", "maxlength": "50", "label": {"text": "Geiriau"}},
    "checkboxes": {"name": "a", "idPrefix": "a", "items": [{"value": "1", "text": "Un"}]},
    "contents-list": {"items": [{"href": "/", "text": "Un"}, {"current": True, "text": "Dau"}]},
    "date-input": {
        "id": "a",
        "day": {"id": "d", "name": "d"},
        "month": {"id": "m", "name": "m"},
        "year": {"id": "y", "name": "y"},
    },
    "details": {"summaryText": "Mwy", "text": "Geiriau"},
    "error-message": {"text": "Ysgrifennwch rywbeth"},
    "error-summary": {"errorList": [{"text": "Ysgrifennwch rywbeth", "href": "#a"}]},
    "fieldset": {"legend": {"text": "Geiriau"}},
    "input": {"name": "a", "label": {"text": "Enw"}, "errorMessage": {"text": "Rhowch enw"}},
    "inset-text": {"text": "Geiriau"},
    "notification-banner": {"text": "Geiriau"},
    "pagination": {
        "previous": {"href": "/1"},
        "next": {"href": "/3"},
        "items": [{"number": 2, "href": "/2", "current": True}],
    },
    "password-input": {"name": "a", "id": "a", "label": {"text": "Cyfrinair"}},
    "radios": {"name": "a", "idPrefix": "a", "items": [{"value": "1", "text": "Un"}]},
    "select": {"name": "a", "label": {"text": "Dewis"}, "items": [{"value": "1", "text": "Un"}]},
    "skip-link": {"href": "#main-content"},
    "summary-list": {"rows": [{"key": {"text": "Enw"}, "value": {"text": "Ann"}}]},
    "tag": {"text": "Ar agor"},
    "tabs": {"items": [{"id": "a", "label": "Un", "panel": {"text": "Geiriau"}}]},
    "textarea": {"name": "a", "label": {"text": "Geiriau"}},
    "warning-callout": {"heading": "Geiriau", "text": "Mwy o eiriau"},
}
ENGLISH = re.compile(
    r"\b(the|you|your|have|page|back|error|there is|information|important|contents|show|hide|"
    r"password|previous|next|breadcrumb|skip|main content|characters?|day|month|year|guide|"
    r"pagination|success|remaining|enter)\b",
    re.IGNORECASE,
)
TEMPLATES = Path("templates")
USED = re.compile(r"{% nhs(?:block)? \"([a-z-]+)\"")


def said(html: str) -> str:
    """What a person reads or hears: text, labels, and what a script will say."""
    spoken = re.findall(r'(?:aria-label|title|placeholder|data-i18n[^=]*|alt)="([^"]*)"', html)
    return " ".join([re.sub(r"<[^>]+>", " ", html), *spoken])


class EveryField(forms.Form):
    name = forms.CharField(label="Enw")
    words = forms.CharField(label="Geiriau", max_length=200, widget=forms.Textarea)
    kind = forms.ChoiceField(label="Math", choices=[("a", "A"), ("b", "B")])
    one = forms.ChoiceField(label="Un", choices=[("a", "A")], widget=forms.RadioSelect)
    many = forms.MultipleChoiceField(
        label="Rhai", choices=[("a", "A")], widget=forms.CheckboxSelectMultiple
    )
    agreed = forms.BooleanField(label="Cytuno")
    at = forms.TimeField(label="Amser", widget=forms.TimeInput(attrs={"type": "time"}))
    on = NHSDateField(label="Dyddiad")
    secret = forms.CharField(label="Cyfrinair", widget=forms.PasswordInput)
    title_en = forms.CharField(label="Teitl (Saesneg)")
    title_cy = forms.CharField(label="Teitl (Cymraeg)")


def drawn(form: forms.Form) -> str:
    return Template("{% nhs_errors form %}{{ form }}").render(Context({"form": form}))


@pytest.mark.parametrize("name", COMPONENTS)
def test_a_welsh_page_hears_no_english_from_a_component(name):

    with override("cy"):
        words = said(render(name, COMPONENTS[name]))

    assert ENGLISH.findall(words) == []


def test_every_component_the_templates_use_is_in_that_list():
    used = {name for page in TEMPLATES.rglob("*.html") for name in USED.findall(page.read_text())}

    assert used <= COMPONENTS.keys()


def test_a_form_of_every_field_says_nothing_in_english_on_a_welsh_page():
    with override("cy"):
        words = said(drawn(EveryField({})))

    assert ENGLISH.findall(words) == []


def test_each_line_of_the_error_summary_leads_to_a_control_that_is_there():
    html = drawn(EveryField({}))

    targets = re.findall(r'<a href="#([^"]+)"', html)

    assert len(targets) == len(EveryField().fields)
    assert [one for one in targets if html.count(f'id="{one}"') != 1] == []
    assert all(re.search(rf'<(?:input|textarea|select)[^>]*id="{one}"', html) for one in targets)


def test_what_was_typed_is_escaped_and_given_back():
    form = EveryField(
        {"name": "<b>Ann</b>", "words": "</textarea>", "on_day": '"1', "on_month": "x"}
    )

    html = drawn(form)

    assert "&lt;b&gt;Ann&lt;/b&gt;" in html
    assert "</textarea></textarea>" not in html
    assert 'value="&#34;1"' in html


def test_two_languages_of_one_text_stand_side_by_side():
    html = Template('{% nhs_pair form "title" %}').render(Context({"form": EveryField()}))

    assert html.index('name="title_en"') < html.index('name="title_cy"')
    assert html.startswith('<div class="a-pair">')


@pytest.mark.parametrize(
    ("boxes", "answer"),
    [
        (("27", "3", "2027"), date(2027, 3, 27)),
        ((" 1 ", "01", "2027"), date(2027, 1, 1)),
        (("29", "2", "2028"), date(2028, 2, 29)),
        (("29", "2", "2027"), "invalid"),
        (("31", "4", "2027"), "invalid"),
        (("1", "1", "27"), "invalid"),
        (("1", "Mawrth", "2027"), "invalid"),
        (("1", "1", "99999999999999"), "invalid"),
        (("-1", "1", "2027"), "invalid"),
        (("", "1", "2027"), "day"),
        (("1", "", "2027"), "month"),
        (("1", "1", ""), "year"),
        (("", "", ""), "required"),
        (("9", "1", "2020"), "early"),
        (("9", "1", "2040"), "late"),
    ],
)
def test_a_date_is_read_from_three_boxes(boxes, answer):
    class Asked(forms.Form):
        on = NHSDateField(earliest=date(2021, 1, 1), latest=lambda: date(2039, 12, 31))

    form = Asked(dict(zip(("on_day", "on_month", "on_year"), boxes, strict=True)))

    if isinstance(answer, date):
        assert form.is_valid()
        assert form.cleaned_data["on"] == answer
    else:
        assert form.has_error("on", code=answer)


def test_a_date_that_may_be_left_out_may_be_left_out():
    class Asked(forms.Form):
        on = NHSDateField(required=False)

    form = Asked({})

    assert form.is_valid()
    assert form.cleaned_data["on"] is None


def test_the_library_escapes_what_it_is_given():
    assert jinja.autoescape is True


def _colours() -> dict[str, str]:
    sheet = Path("static/css/academy.css").read_text()
    found = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6});", sheet))
    return {
        name: code if len(code) == 7 else f"#{''.join(2 * c for c in code[1:])}"
        for name, code in found.items()
    }


def _light(code: str) -> float:
    parts = [int(code[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted((_light(one), _light(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("ink", "paper"), ("ink", "warm"), ("ink", "focus"), ("ink", "conditions-tint"),
        ("ink", "capability-tint"), ("ink", "connections-tint"),
        ("quiet", "paper"), ("quiet", "warm"), ("quiet", "conditions-tint"),
        ("quiet", "capability-tint"), ("quiet", "connections-tint"),
        ("link", "paper"), ("link", "warm"), ("link", "conditions-tint"),
        ("link", "capability-tint"), ("link", "connections-tint"),
        ("paper", "conditions"), ("paper", "capability"), ("paper", "connections"), ("paper", "link"),
        ("conditions", "conditions-tint"), ("capability", "capability-tint"),
        ("connections-text", "connections-tint"), ("connections-text", "paper"),
    ],
)  # fmt: skip
def test_text_stands_out_from_its_ground(text, ground):
    colours = _colours()

    assert contrast(colours[text], colours[ground]) >= 4.5


def test_our_sheets_stay_small_and_need_no_other_host():
    for sheet in Path("static/css").glob("*.css"):
        words = sheet.read_text()

        assert len(words.encode()) < 14_000
        assert "http" not in words and "@import" not in words


def test_a_heading_in_the_readers_language_stays_the_heading():
    template = '{% nhsblock "warning-callout" heading=_("Important") %}<p>x</p>{% endnhsblock %}'

    with override("cy"):
        html = Template(template).render(Context())

    assert html.count("Pwysig") == 2  # said once more to those who do not see the colour
    assert '<h2 class="nhsuk-card__heading">' in html
    assert "<p>x</p>" in html


def test_a_trail_leads_home_and_says_where_a_page_stands():
    with override("cy"):
        drawn = trail("/cy/cyrsiau/", "Dysgu", "/cy/cyrsiau/mesur/", "Mesur <b>")

    assert drawn.count("nhsuk-breadcrumb__link") == 3
    assert 'href="/cy/"' in drawn
    assert "Hafan" in drawn
    assert "Mesur &lt;b&gt;" in drawn
    assert "Back to" not in drawn
