"""The brief of a publication: one page in the form that programs for mail show, to be sent or printed."""

from indicators.measures.change.moves import choose_causes
from indicators.show.publication.content import Publication, describe_age, state_reading
from indicators.show.publication.render import Sheet
from indicators.show.text.overview import name_cause
from indicators.show.text.words import describe_verdict, format_change, name_quarter

POLICY = (
    "default-src 'none'; script-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
    "form-action 'none'"
)
"""Programs for mail keep styles in the elements alone; nothing is loaded."""


def compose_brief(publication: Publication) -> Sheet:
    """Return the brief: the reading, what moved it, the dimensions, the claims."""
    dataset = publication.dataset
    headline = publication.headlines["index"]
    causes = age = ""
    if headline is not None:
        age = describe_age(publication, headline)
        if (move := publication.newest_move) is not None:
            named = [
                f"{name_cause(dataset, cause)} {format_change(cause.amount, 2)}"
                for cause in choose_causes(dataset, move)
            ]
            causes = (
                f"From the {name_quarter(move.since)} to the {name_quarter(headline.date)} the index moved by "
                f"{format_change(move.amount, 2)}: {', '.join(named) or 'nothing moved it by much'}."
            )
    tiles = [(id, dataset.title(id), own) for id in dataset.dimensions.index if (own := publication.headlines[id])]
    verdicts = [(row["claim"], row["text"], describe_verdict(row)) for row in publication.verdicts.to_dict("records")]
    state = state_reading(publication, "index")
    values = {
        "policy": POLICY,
        "state": state,
        "causes": causes,
        "age": age,
        "headline": headline,
        "tiles": tiles,
        "verdicts": verdicts,
        "article": dataset.article,
    }
    return Sheet("brief.html", "brief.html", f"Brief · {dataset.topic.title}", state, "index", values)
