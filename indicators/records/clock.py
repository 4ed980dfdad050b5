"""What day it is: by UTC, as rows are recorded, wherever a server or a reader stands."""

import datetime as dt


def tell_today() -> dt.date:
    """Return the day of now by UTC."""
    return dt.datetime.now(dt.UTC).date()
