"""What a reader has chosen in a view, in words: each choice that differs from what a page shows by itself."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

import pandas as pd

from indicators.records.dataset import Dataset
from indicators.show.links.kinds import Day, Id, Scope
from indicators.show.links.parameters import FROM, TO, Parameter, find_parameter, settle_values
from indicators.show.text.words import format_date


class Choice(NamedTuple):
    """One choice: the parameters that make it, and its words."""

    names: tuple[str, ...]
    words: str


def list_choices(dataset: Dataset, page: str, values: Mapping[str, str], told: Collection[str] = ()) -> list[Choice]:
    """Return the choices of a view that a page follows, in the order of the registry.

    ``values`` are valid parameters; ``told`` those that the page tells of in another way. The two days of a period are
    one choice.
    """
    settled = settle_values(values, page, dataset)
    scope = Scope(dataset, page)
    choices = {}
    for name, value in settled.items():
        parameter = find_parameter(name, scope)
        if parameter is not None and parameter.chip and page in parameter.pages and name not in told:
            choices[name] = Choice((name,), word_choice(parameter, name, value, dataset))
    if FROM in choices and TO in choices:
        days = [format_date(pd.Timestamp(settled[name])) for name in (FROM, TO)]
        choices[FROM] = Choice((FROM, TO), " – ".join(days))
        del choices[TO]
    return list(choices.values())


def word_choice(parameter: Parameter, name: str, value: str, dataset: Dataset) -> str:
    """Return the words of one choice."""
    template = parameter.chip if isinstance(parameter.chip, str) else parameter.chip.get(value, value)
    said = value
    if isinstance(parameter.kind, Day):
        said = format_date(pd.Timestamp(value))
    elif isinstance(parameter.kind, Id) and value not in dataset.coders.index:
        said = dataset.title(value)
    title = dataset.title(name.removeprefix(parameter.name)) if parameter.spread else ""
    return template.format(value=said, title=title)
