"""The forms by which a workbook comes in."""

from __future__ import annotations

from wtforms import StringField
from wtforms.validators import InputRequired
from wtforms.widgets import HiddenInput

from qipp_assure.web import fields


class UploadForm(fields.PageForm):
    """One file."""

    file = fields.Upload(
        "Workbook",
        [fields.Required("Choose a workbook")],
        description="The Excel file that you downloaded from here and filled in, up to 10 MB",
        look={"accept": ".xlsx"},
    )


class TakeForm(fields.PageForm):
    """Carries what was read from a file, sealed, so that nobody has to choose the file again."""

    kept = StringField(
        "What was read", [InputRequired("Choose the workbook again")], widget=HiddenInput()
    )


class DownloadForm(fields.PageForm):
    """Nothing but the button."""
