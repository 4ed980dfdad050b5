"""Items of the inbox as text: the list, and one of them with what its words are like."""

import pandas as pd
from markupsafe import Markup

from indicators.measures.inbox.likeness import Proposal
from indicators.records.dataset import Dataset
from indicators.show.text.markup import fill_part


def show_waiting_items(dataset: Dataset, waiting: pd.DataFrame, place: int) -> Markup:
    """Return the items that wait as a list, one of which is open."""
    items = [
        (row, dataset.title(row["proposed"].split(";")[0]) if row["proposed"] else "", number == place)
        for number, row in enumerate(waiting.to_dict("records"))
    ]
    return fill_part("inbox.html", "waiting", items=items)


def show_item(dataset: Dataset, row: pd.Series, proposal: Proposal, agreed: tuple[int, int]) -> Markup:
    """Return one item with its sources, the indicators, anchors and events that its words are most like, and their record."""
    anchors = dataset.anchors
    first = proposal.indicators[0].id if proposal.indicators else ""
    own = anchors[anchors["indicator"] == first].set_index("score")["anchor"]
    return fill_part(
        "inbox.html",
        "item",
        item=row.to_dict(),
        indicators=[(dataset.title(near.id), near.likeness) for near in proposal.indicators],
        anchors=[(near.id, own[int(near.id)], near.likeness) for near in proposal.anchors],
        events=[(near.id, dataset.events.at[near.id, "fact"], near.likeness) for near in proposal.events],
        agreed=agreed,
    )
