"""How tense things are between two sides, why, and how sure we are: indicators scored by hand.

Four wings, imports run one way (``dashboard`` to ``records``, never back):

- ``records``   what is written: tables, rules, the ledger and where it lives
- ``measures``  what it means: readings, index, uncertainty, changes, claims
- ``show``      how it is shown in any medium: charts, words, links
- ``dashboard`` the Streamlit app

``commands`` is the command line, which stands beside the dashboard. ``docs/architecture.md`` describes the folders.
"""

__version__ = "2026.11.30"
"""The day of the publication that this is, or of the last one before; `pyproject.toml` reads it from here."""
