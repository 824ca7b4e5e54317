"""The worker: claims jobs one by one, does them, and says how each ended."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from qipp_assure.database import Database, DatabaseUnavailable
from qipp_assure.jobs.queries import anything_due
from qipp_assure.jobs.services import LEASE, Claim, claim_next, fail, finish, renew, sweep
from qipp_assure.vocabulary import Refused

Handler = Callable[[Claim], Mapping[str, Any] | None]
"""Does one job and returns its result; opens its own sessions, and may be called again."""

_LOG = logging.getLogger(__name__)


def work_once(database: Database, handlers: Mapping[str, Handler]) -> bool:
    """Sweep, claim one job and do it; False where nothing was due, which costs no writer a wait."""
    with database.reading() as session:
        if not anything_due(session, datetime.now(UTC)):
            return False
    with database.writing() as session:
        sweep(session)
        claim = claim_next(session, handlers.keys())
    if claim is None:
        return False
    try:
        with _kept_alive(database, claim):
            result = handlers[claim.kind](claim)
    except DatabaseUnavailable:
        raise  # the lease runs out, and the job is taken up again
    except Refused as refusal:
        _end(database, claim, error=str(refusal), for_good=True)
    except Exception as error:  # a broken job must not take the worker down
        _LOG.exception("job %s (%s) failed", claim.job_id, claim.kind)
        _end(database, claim, error=f"{type(error).__name__}: {error}")
    else:
        _end(database, claim, result=result)
    return True


def run_worker(
    database: Database,
    handlers: Mapping[str, Handler],
    stop: threading.Event,
    poll_seconds: float = 1.0,
) -> None:
    """Do jobs until told to stop; waits a little where nothing is due or the database is away."""
    while not stop.is_set():
        try:
            busy = work_once(database, handlers)
        except DatabaseUnavailable as away:
            _LOG.warning("%s; trying again", away)
            busy = False
        if not busy:
            stop.wait(poll_seconds)


def _end(
    database: Database,
    claim: Claim,
    *,
    result: Mapping[str, Any] | None = None,
    error: str | None = None,
    for_good: bool = False,
) -> None:
    with database.writing() as session:
        held = (
            finish(session, claim, result)
            if error is None
            else fail(session, claim, error, for_good=for_good)
        )
    if not held:
        _LOG.warning("job %s was taken over by another worker", claim.job_id)


@contextmanager
def _kept_alive(database: Database, claim: Claim) -> Iterator[None]:
    """Renew the lease from a thread of its own while the job is being done."""
    done = threading.Event()

    def keep() -> None:
        while not done.wait(LEASE.total_seconds() / 3):
            try:
                with database.writing() as session:
                    renew(session, claim)
            except DatabaseUnavailable:
                _LOG.warning("could not renew the lease of job %s", claim.job_id)

    thread = threading.Thread(target=keep, name=f"lease-{claim.job_id}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
