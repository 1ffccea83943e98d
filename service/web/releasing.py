"""Four eyes: what a person changes waits as a draft until another person releases it, where the house wants that.

Keys, sources and the command line are machines and their operators: they write at once. So does the open API, which
knows nobody.
"""

from __future__ import annotations

from dataclasses import replace

from index.errors import StatementChanged
from index.models import Statement
from index.store.changes import Writer
from index.store.editing import add, restore
from index.store.history import versions_of
from index.store.rows import tag_of
from service.bootstrap import Application
from service.drafts import Change, Draft, DraftAct, DraftState
from service.editing_errors import ReleaseRefused
from service.store.idempotency import IdempotencyKey
from service.web.context import application, caller
from service.web.reading import check_model
from service.web.requests import StatementBody
from service.web.statement_bodies import correct_checks, statement_of


def needs_release() -> bool:
    """Whether what the caller changes has to be released by somebody else."""
    return application().settings.four_eyes and caller().account is not None


def refuse_without_release() -> None:
    """For what changes statements and cannot wait. Raises ReleaseRefused."""
    if needs_release():
        raise ReleaseRefused("With four eyes, statements are imported with a key, by a source or on the command line.")


def hand_in(change: Change, once: IdempotencyKey | None = None) -> Draft:
    """Let a change wait for release. Raises as `based_on_present`."""
    return application().drafts.add(caller().owner, based_on_present(change), DraftState.WAITING, once)


def based_on_present(change: Change) -> Change:
    """A change of a statement as it is now. Raises StatementNotFound; StatementChanged where it is of another version.

    One that is of another could wait for ever: nobody can release it.
    """
    if change.statement_id is None:
        return change
    if change.act is DraftAct.RESTORE:
        versions_of(application().statements, change.statement_id)
        return change
    now = application().statements.get(change.statement_id)
    if change.version not in (None, tag_of(now)):
        raise StatementChanged(f"The statement {now.id!r} was changed meanwhile: read it again, then decide.")
    return replace(change, version=tag_of(now))


def release(id: str, tag: str) -> Statement:
    """Carry out what somebody else wrote. Raises NotFound, ReleaseRefused, DraftChanged, IndexFault."""
    by = caller()
    if by.account is None:
        raise ReleaseRefused("Releasing takes a person who is signed in.")
    held = application()
    draft = held.drafts.to_release(id, by.owner, tag)
    return release_as(held, draft, by.owner)


def release_as(held: Application, draft: Draft, by: str) -> Statement:
    """Carry a draft out that waits, released by somebody. Raises IndexFault."""
    made = carry_out(held, draft.change, Writer(draft.owner, draft.change.reason, by))
    held.drafts.remove(draft.id, draft.owner)  # after what it says is done: done twice, it changes nothing
    correct_checks(held)
    return made


def carry_out(held: Application, change: Change, writer: Writer) -> Statement:
    """Do what a change says. Raises BadRequest, StatementExists, StatementChanged, StatementNotFound."""
    store, id = held.statements, change.statement_id
    if id is None or change.act is DraftAct.WRITE:
        typed = planned(held, change)
        return add(store, typed, writer) if id is None else store.revise(id, typed, change.version, writer)
    if change.act is DraftAct.RESTORE:
        return restore(store, id, writer)
    statement = store.get(id)
    store.delete(id, change.version, writer)
    return statement


def planned(held: Application, change: Change) -> Statement:
    """The statement that there would be. Raises BadRequest, StatementNotFound."""
    if change.act is not DraftAct.WRITE and change.statement_id is not None:
        return versions_of(held.statements, change.statement_id)[0].statement
    statement = statement_of(check_model(StatementBody, change.content))
    return held.ratings.mappings().apply(statement)
