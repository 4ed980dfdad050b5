"""Speed and size, as ratios measured side by side in one run: ``python -m benchmarks``, or ``make bench``.

``targets`` says what is to be reached, ``table`` puts measurements beside it; each other module measures one thing and
yields rows. Nothing here is a test: a busy machine makes a figure worse, never a build fail.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

# The app as a server and its socket protocol are shared with the tests.
sys.path.append(str(ROOT / "tests"))
