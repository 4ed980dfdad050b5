"""The command line: ``python -m indicators COMMAND``."""

import os
import sys

import click

from indicators import __version__
from indicators.commands import Rooms


@click.group(cls=Rooms, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def main() -> None:
    """Indicators scored by hand: check and read the data folder."""


def run() -> None:
    """Run the command line; a broken pipe and Ctrl-C end it quietly."""
    # Arrow's own pool keeps what was freed: a tenth more of memory at the peak. It is read when a command imports Arrow.
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    try:
        # Not main(): Click would end a broken pipe with status 1, which here means that problems were found.
        with main.make_context("python -m indicators", sys.argv[1:]) as context:
            main.invoke(context)
    except click.exceptions.Exit as end:
        sys.exit(end.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    except BrokenPipeError:
        # The reader has gone; nothing more may be written, not even at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)


if __name__ == "__main__":
    run()
