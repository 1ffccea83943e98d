"""What every command begins with: the settings as flags, and the application on the data folder."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import click

from index.errors import IndexFault
from index.store.one_store import within_one_store
from service.config import SettingError, Settings, read_settings
from service.errors import GegencheckError

if TYPE_CHECKING:
    from service.bootstrap import Application

SETTING_NAMES = tuple(entry.name for entry in fields(Settings))


def takes_settings(*shown: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Give a command every setting as a flag (those in `shown` appear in --help) and hand it the Settings."""

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(command)
        def run(**arguments: Any) -> Any:
            flags = {name: arguments.pop(name) for name in SETTING_NAMES}
            try:
                settings = read_settings(os.environ, flags)
            except SettingError as error:
                raise click.UsageError(str(error)) from None
            try:
                return command(settings, **arguments)
            except (GegencheckError, IndexFault) as error:
                raise click.ClickException(str(error)) from None

        for entry in reversed(fields(Settings)):
            flag = f"--{entry.name.replace('_', '-')}"
            hidden = entry.name not in shown
            run = click.option(flag, entry.name, help=entry.metadata["meaning"], hidden=hidden, metavar="VALUE")(run)
        return run

    return decorate


@contextmanager
def opened(settings: Settings) -> Iterator[Application]:
    """The application on the data directory, closed at the end."""
    from service.bootstrap import build

    application = build(settings, progress=say)
    try:
        yield application
    finally:
        application.close()


@contextmanager
def opened_to_write(settings: Settings) -> Iterator[Application]:
    """The same for a command that changes something: the audit log has when it began and how it ended.

    It changes nothing more where a backup is restored meanwhile, whose log knows nothing of it.
    """
    from service.store.audit import DONE, FAILED, TERMINAL

    command = " ".join(click.get_current_context().command_path.split()[1:])
    with opened(settings) as application, within_one_store():
        begun = application.audit.begin(TERMINAL, command)
        try:
            yield application
        except BaseException:
            application.audit.end(begun, FAILED)
            raise
        application.audit.end(begun, DONE)


def say(message: str) -> None:
    """Progress goes to standard error, so that results can be piped."""
    click.echo(message, err=True)
