"""The base of the project's own errors: their messages are for a person, and none is a built-in error as well.

So whoever catches ``OSError`` or ``ValueError`` catches what Python raises, and these only by their names:
``UnfitFileError``, ``BeginningError``, ``FeedError``, ``FetchError``, ``FormatError``, ``GitError`` with
``RemoteError``, ``OutOfTimeError``, ``LocationError`` and ``PushRefusedError`` (records); ``NoReadingError`` (measures); ``ViewError``, ``PictureError``,
``NoCardError``, ``PublicationError``, ``NothingToPublishError``, ``LargeBodyError`` (show).
"""


class IndicatorsError(Exception):
    """Something that was asked for cannot be done; the message says why."""
