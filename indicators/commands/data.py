"""The data folder that a command works on."""

import sys
from pathlib import Path

import click

from indicators.measures.narrative.dates import check_readings
from indicators.records.dataset import Dataset, load_dataset
from indicators.records.settings import read_settings
from indicators.records.storage.git import PREFIX
from indicators.records.storage.store import locate_data, open_store

data_option = click.option(
    "--data", metavar="DIR", help="Data folder (default: the environment's TENSION_DATA, else 'data')."
)


def find_folder(option: str | None) -> Path:
    """Return the data folder that an option or the environment names; there is one, or the usage is wrong."""
    settings = read_settings()
    location = option or settings.data
    try:
        path = locate_data(location, settings.state_folder)
        if location.startswith(PREFIX):
            _fetch_first(location, settings.state_folder)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    if not path.is_dir():
        raise click.UsageError(f"there is no data folder at {path}")
    return path


def _fetch_first(location: str, state: Path) -> None:
    """Bring a clone to the remote's state, or say how old it is and why."""
    store = open_store(location, state, check_readings)
    if not store.status().error:  # else its first clone has just failed
        store.refresh()
    status = store.status()
    if not status.error:
        return
    if status.age is None:
        raise click.UsageError(f"{location} could not be read — {status.error}")
    click.echo(
        f"{location} could not be reached ({status.error}); the data are {status.age / 60:.0f} minutes old", err=True
    )


def read_dataset(option: str | None) -> Dataset:
    """Return the data; with problems in it, print them and end with exit status 1."""
    loaded = load_dataset(find_folder(option), check_readings)
    if loaded.dataset is None:
        click.echo(loaded.report.as_text(), err=True)
        sys.exit(1)
    return loaded.dataset
