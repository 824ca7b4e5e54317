"""The letter with a one-time link, sent by the worker."""

from __future__ import annotations

from qipp_assure.accounts.models import TokenPurpose
from qipp_assure.accounts.queries import get_person
from qipp_assure.accounts.sign_in import TOKEN_LASTS, issue_token
from qipp_assure.database import Database
from qipp_assure.jobs.services import Claim
from qipp_assure.jobs.worker import Handler
from qipp_assure.mail.mailer import Mailer

_SUBJECTS = {
    TokenPurpose.FIRST_SIGN_IN: "Your account for QIPP Assure",
    TokenPurpose.RESET: "Set a new password for QIPP Assure",
}
_OPENINGS = {
    TokenPurpose.FIRST_SIGN_IN: "An account for QIPP Assure has been made for you. To choose your "
    "password, open this address:",
    TokenPurpose.RESET: "Somebody, probably you, asked to set a new password for QIPP Assure. To "
    "choose it, open this address:",
}


def password_link_handler(database: Database, mailer: Mailer, base_url: str) -> Handler:
    """Makes the handler of `PASSWORD_LINK_JOB`: issues a token and sends the letter with it.

    A second try of the same job issues a new token, so that the last letter to arrive works.

    Args:
        database: where tokens are kept.
        mailer: sends the letter.
        base_url: the service's own address, without a slash at its end.
    """

    def send(claim: Claim) -> None:
        purpose = TokenPurpose(claim.payload["purpose"])
        with database.writing() as session:
            person = get_person(session, int(claim.payload["person_id"]))
            if not person.active:
                return
            token = issue_token(session, person, purpose)
            to, name = person.email, person.name
        body = letter(name, f"{base_url}/password/{token}", purpose)
        mailer.send(to, _SUBJECTS[purpose], body, key=f"link-{claim.job_id}-{claim.attempt}")

    return send


def letter(name: str, address: str, purpose: TokenPurpose) -> str:
    """The words of the letter."""
    return (
        f"Dear {name},\n\n{_OPENINGS[purpose]}\n\n{address}\n\n"
        f"The address works once, for {_lasts(purpose)}. If it has stopped working, ask for "
        "another on the sign-in page.\n\n"
        "If you did not expect this letter, ignore it: nothing changes unless the address is "
        "opened.\n"
    )


def _lasts(purpose: TokenPurpose) -> str:
    hours = int(TOKEN_LASTS[purpose].total_seconds() // 3600)
    return f"{hours} hours" if hours < 48 else f"{hours // 24} days"  # noqa: PLR2004 - two days
