"""Items of the inbox as text: the list, and one of them with what its words are like."""

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from indicators.measures.inbox.likeness import Proposal
from indicators.records.dataset import Dataset
from indicators.records.inbox.gather import Gathered, Outcomes
from indicators.records.inbox.items import KEPT_DAYS
from indicators.show.text.markup import fill_part
from indicators.show.text.scoring.sheet import COLOURS, DRAFT
from indicators.show.text.words import count_words, escape_markdown, format_date


def label_item(dataset: Dataset, row: Mapping[Any, Any], drafted: bool = False) -> str:
    """Return the label of an item's row in the list: the title, when, where and about what, and whether it has a draft."""
    about = [format_date(row["date"]), str(row["publisher"])]
    if row["sources"] > 1:
        about.append(f"{row['sources']} addresses")
    if row["proposed"]:
        about.append(dataset.title(str(row["proposed"]).split(";")[0]))
    draft = f" · :{COLOURS[DRAFT]}[draft]" if drafted else ""
    return f"{escape_markdown(str(row['title']))}  \n:small[{escape_markdown(' · '.join(about))}{draft}]"


def show_item(
    dataset: Dataset, item: str, row: Mapping[Any, Any], proposal: Proposal, agreed: tuple[int, int]
) -> Markup:
    """Return one item with its sources, the indicators, anchors and events that its words are most like, and their record."""
    anchors = dataset.anchors
    first = proposal.indicators[0].id if proposal.indicators else ""
    own = anchors[anchors["indicator"] == first].set_index("score")["anchor"]
    return fill_part(
        "inbox.html",
        "item",
        id=item,
        item=row,
        indicators=[(dataset.title(near.id), near.likeness) for near in proposal.indicators],
        anchors=[(near.id, own[int(near.id)], near.likeness) for near in proposal.anchors],
        events=[(near.id, dataset.events.at[near.id, "fact"], near.likeness) for near in proposal.events],
        agreed=agreed,
    )


def describe_feed(done: Outcomes) -> str:
    """Return the outcome of one feed as a line."""
    if done.fault:
        return f"{done.feed}: {done.fault}"
    return f"{done.feed}: unchanged" if done.unchanged else f"{done.feed}: {done.new} new"


def describe_gathered(gathered: Gathered, dry_run: bool = False) -> str:
    """Return the outcome of all feeds as a line."""
    failed = sum(bool(done.fault) for done in gathered.feeds)
    parts = [
        f"{count_words(len(gathered.feeds), 'feed')} fetched, {failed} failed",
        f"{count_words(gathered.items, 'new item')} from {gathered.addresses:,} address{'es' * (gathered.addresses != 1)}",
        f"{gathered.expired} undecided after {KEPT_DAYS} days {'would be removed' if dry_run else 'removed'}",
    ]
    return "; ".join(parts) + ("; nothing written" if dry_run else "")
