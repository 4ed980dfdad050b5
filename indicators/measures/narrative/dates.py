"""Problems of a data folder that only its readings show."""

from dataclasses import replace

from indicators.measures.narrative.claims import check_claims
from indicators.measures.panel import Panel
from indicators.records.dataset import Dataset
from indicators.records.problems import Problem


def check_readings(dataset: Dataset) -> list[Problem]:
    """Return what is wrong with a dataset whose records are in order: claims about dates without a reading."""
    # Readings need no rationales, which are most of a large folder's memory.
    needed = dataset.assessments[["date", "indicator", "coder", "recorded", "score", "low", "high"]]
    return check_claims(Panel(replace(dataset, assessments=needed)))
