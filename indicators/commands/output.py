"""The form in which the commands answer: text, JSON or CSV."""

import click
import pandas as pd

from indicators.records.encoding import write_json
from indicators.records.rules import starts_formula

format_option = click.option(
    "--format", "form", type=click.Choice(["text", "json", "csv"]), default="text", help="Output format."
)


def print_records(records: list[dict[str, object]], columns: list[str], form: str) -> None:
    """Print records as JSON or CSV."""
    if form == "json":
        click.echo(write_json(records), nl=False)
    else:
        print_table(pd.DataFrame(records, columns=columns), form)


def print_table(table: pd.DataFrame, form: str) -> None:
    """Print a table as text, JSON or CSV, the same on every machine."""
    # Tables of readings take longer to load than a check of the folder, which prints none of them.
    from indicators.show.files.tables import DECIMALS, csv_bytes, write_times

    table = write_times(table).round(3 if form == "text" else DECIMALS)
    if form == "json":
        # By pandas, whose spacing programs that read this output know.
        click.echo(table.to_json(orient="records", indent=2, double_precision=DECIMALS, force_ascii=False))
    elif form == "csv":
        # A refused cell is printed as it was found; behind an apostrophe a spreadsheet takes it for text.
        texts = table.select_dtypes(["str", "object"])
        table = table.assign(**{str(name): texts[name].map(_guard) for name in texts})
        click.echo(csv_bytes(table), nl=False)
    else:
        click.echo(table.to_string(index=False, na_rep="–") if len(table) else "nothing to show")


def _guard(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and starts_formula(cell) else cell
