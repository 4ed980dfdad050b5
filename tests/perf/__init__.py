"""Speed and size, as ratios measured side by side in one run: ``python -m tests.perf``, or ``make bench``.

Nothing here is a test: a busy machine makes a figure worse, never a build fail.
"""
