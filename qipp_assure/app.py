"""Puts the web application together: settings, what all pages share, and the rooms' pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from flask import Flask
from flask_wtf import CSRFProtect

from config import Settings
from qipp_assure.accounts import registration as accounts
from qipp_assure.accounts.letters import password_link_handler
from qipp_assure.accounts.sign_in import PASSWORD_LINK_JOB
from qipp_assure.database import Database
from qipp_assure.demonstration import views as demonstration
from qipp_assure.demonstration.provenance import PROVENANCE
from qipp_assure.feedback_packs import views as feedback_packs
from qipp_assure.feedback_packs.press import pack_handler
from qipp_assure.feedback_packs.services import PACK_JOB
from qipp_assure.jobs.worker import Handler
from qipp_assure.mail.mailer import FileMailer, Mailer, SmtpMailer
from qipp_assure.organisations import views as organisations
from qipp_assure.plans import views as plans
from qipp_assure.portfolio import views as portfolio
from qipp_assure.ratings import views as ratings
from qipp_assure.report_cards import views as report_cards
from qipp_assure.review import views as review
from qipp_assure.web import (
    access,
    errors,
    frame,
    headers,
    intake,
    limits,
    request_log,
    sessions,
    views,
)
from qipp_assure.workbooks import views as workbooks

ROOT = Path(__file__).resolve().parents[1]

ROOMS: tuple[Callable[[Flask], None], ...] = (
    workbooks.register,
    portfolio.register,
    review.register,
    plans.register,
    report_cards.register,
    ratings.register,
    feedback_packs.register,
    organisations.register,
    accounts.register,
    demonstration.register,
)
"""What each room adds to the application, in the order of navigation and start pages."""


def create_app(settings: Settings, database: Database) -> Flask:
    """Makes an application for one database; the caller disposes of the database at the end."""
    app = Flask("qipp_assure", static_folder=None, template_folder=str(ROOT / "templates"))
    app.config.update(_configuration(settings))
    app.extensions["qipp_settings"] = settings
    intake.register(app)
    request_log.register(app)
    sessions.register(app, database)
    frame.register(app)
    errors.register(app)
    headers.register(app, production=settings.production)
    access.register(app)  # before the token check: who may not come in learns nothing of the form
    CSRFProtect(app)
    app.register_blueprint(views.blueprint)
    views.register_readiness(app, _migrations_applied(database))
    for register_room in ROOMS:
        register_room(app)
    access.check_names(app)
    return app


def _configuration(settings: Settings) -> dict[str, object]:
    return {
        "SECRET_KEY": settings.secret_key,
        "MAX_CONTENT_LENGTH": limits.REQUEST_LIMIT_BYTES,
        "MAX_FORM_MEMORY_SIZE": limits.FORM_LIMIT_BYTES,
        "SESSION_COOKIE_NAME": "__Host-qipp" if settings.production else "qipp",
        "SESSION_COOKIE_SECURE": settings.production,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": timedelta(minutes=limits.IDLE_MINUTES),
        "PREFERRED_URL_SCHEME": "https" if settings.production else "http",
        "WTF_CSRF_TIME_LIMIT": None,  # as long as the session: a long text may take an afternoon
    }


def _migrations_applied(database: Database) -> Callable[[], str | None]:
    def check() -> str | None:
        return None if database.is_current() else "the database lacks migrations"

    return check


def job_handlers(settings: Settings, database: Database) -> dict[str, Handler]:
    """Name, for the worker, the function that does each kind of job."""
    return {
        PASSWORD_LINK_JOB: password_link_handler(database, mailer_of(settings), settings.base_url),
        PACK_JOB: pack_handler(database, settings.packs, PROVENANCE.note),
    }


def mailer_of(settings: Settings) -> Mailer:
    """Give the way out for mail: SMTP where there is a server, else files in the home."""
    smtp = settings.smtp
    if smtp is None:
        return FileMailer(settings.mail)
    return SmtpMailer(smtp.host, smtp.port, smtp.sender, smtp.user, smtp.password, smtp.starttls)
