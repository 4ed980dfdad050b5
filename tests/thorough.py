"""What takes minutes and runs at night: ``THOROUGH=1`` adds it to the suite."""

import os

import pytest

THOROUGH = os.environ.get("THOROUGH") == "1"

thorough = pytest.mark.skipif(not THOROUGH, reason="takes minutes; THOROUGH=1 runs it")


def at_least(few: int, many: int) -> int:
    """Return how often something is tried: a few times in the suite, many times at night."""
    return many if THOROUGH else few
