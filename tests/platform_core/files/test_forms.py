"""The form field: several files, errors beside it."""

from __future__ import annotations

import pytest
from django import forms
from django.utils.datastructures import MultiValueDict

from platform_core.base.forms import MarkdownInput
from platform_core.files.forms import MultipleFileField
from tests.factories.files import HTML, PNG, upload


class LetterForm(forms.Form):
    text = forms.CharField(widget=MarkdownInput)
    files = MultipleFileField(required=False)


def letter(*files, text: str = "hola") -> LetterForm:
    return LetterForm({"text": text}, MultiValueDict({"files": list(files)}))


@pytest.mark.django_db
def test_good_files_are_ready_to_be_kept_in_their_order():
    form = letter(upload("a.png", PNG), upload("../b.txt", b"b"))
    assert form.is_valid(), form.errors
    assert [(file.name, file.content_type) for file in form.cleaned_data["files"]] == [
        ("a.png", "image/png"),
        ("b.txt", "text/plain"),
    ]


def test_no_file_is_an_empty_list_unless_one_is_needed():
    assert letter().is_valid()
    assert letter().fields["files"].clean([]) == []
    with pytest.raises(forms.ValidationError):
        MultipleFileField().clean([])


def test_each_bad_file_is_named_beside_the_field():
    form = letter(upload("a.png", HTML), upload("b.txt", b""), upload("c.png", PNG))
    assert not form.is_valid()
    first, second = form.errors["files"]
    assert "a.png" in first
    assert "b.txt" in second


def test_a_form_that_comes_back_says_which_files_to_choose_again():
    page = str(letter(upload("a<b.png", PNG), text=""))
    assert "a&lt;b.png" in page
    assert 'value="' not in page[page.index('type="file"') : page.index('type="file"') + 100]


def test_the_fields_work_without_javascript_and_bring_their_own_files():
    form = LetterForm()
    page = str(form)
    assert '<input type="file" name="files" multiple' in page
    assert 'data-preview="/text/vista-previa/"' in page
    assert 'type="module"' in str(form.media)
    assert str(form.media).count("css/writing.css") == 1
