"""Forms that draw themselves as NHS markup."""

from django.forms.renderers import TemplatesSetting


class NHSRenderer(TemplatesSetting):
    """Django's own rendering, pointed at nhs/form.html and nhs/field.html."""

    form_template_name = "nhs/form.html"
    field_template_name = "nhs/field.html"
