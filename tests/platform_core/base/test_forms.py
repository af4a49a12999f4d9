from django import forms
from django.template.loader import render_to_string


class Letter(forms.Form):
    subject = forms.CharField(label="Subject", help_text="In a sentence.")
    note = forms.CharField(label="Note", required=False)
    kind = forms.ChoiceField(label="Kind", choices=[("a", "One"), ("b", "Two")], widget=forms.RadioSelect)
    copy = forms.BooleanField(label="Copy", required=False)
    token = forms.CharField(widget=forms.HiddenInput, initial="x")


def test_a_field_ties_its_hint_and_its_error_to_its_control():
    html = str(Letter({"token": "x"}))
    assert 'class="field field--error"' in html
    assert 'id="id_subject_helptext"' in html
    assert 'id="id_subject_error"' in html
    assert 'aria-describedby="id_subject_helptext id_subject_error"' in html
    assert 'aria-invalid="true"' in html
    assert "field__msg" in html


def test_only_what_is_optional_is_marked():
    html = str(Letter())
    assert html.count("field__opt") == 1


def test_choices_are_cards_in_a_fieldset_and_a_box_has_its_words_beside():
    html = str(Letter())
    assert html.count('class="choice"') == 2
    assert "<legend" in html
    assert '<label class="check" for="id_copy">' in html
    assert 'type="hidden" name="token"' in html


def test_the_summary_leads_to_each_field_and_takes_the_focus():
    html = render_to_string("components/errors.html", {"form": Letter({"token": "x"})})
    assert 'href="#id_subject"' in html
    assert "autofocus" in html


def test_without_errors_there_is_no_summary():
    form = Letter({"token": "x", "subject": "s", "kind": "a"})
    assert render_to_string("components/errors.html", {"form": form}).strip() == ""


def test_what_was_typed_is_escaped_and_kept():
    html = str(Letter({"subject": "<b>", "token": "x"}))
    assert 'value="&lt;b&gt;"' in html
