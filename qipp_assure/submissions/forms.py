"""The form by which a draft is submitted."""

from __future__ import annotations

from wtforms import IntegerField
from wtforms.validators import InputRequired
from wtforms.widgets import HiddenInput

from qipp_assure.web import fields


class SubmitForm(fields.PageForm):
    """Carries the revision that the person saw, so that nothing unseen is submitted."""

    revision = IntegerField(
        "Revision", [InputRequired("The page is out of date")], widget=HiddenInput()
    )
