"""Blocks that take in outside series: a publisher's file, what it delivers and lacks, and the save."""

import streamlit as st

from indicators.dashboard.access import may_edit
from indicators.dashboard.app import Desk, open_data
from indicators.measures.narrative.dates import check_readings
from indicators.records.imports.formats import KIND_TITLES, read_delivery
from indicators.records.imports.series import EARLIEST, Delivery, Order
from indicators.records.imports.write import Imported, import_delivery
from indicators.records.problems import Report
from indicators.records.saving.submission import Failed, Refused
from indicators.records.storage.store import DirectoryStore
from indicators.show.text.html import show_lines, show_problems, show_table
from indicators.show.text.tables import delivery_table

REMOTE = (
    "The data of this dashboard are kept in a git repository. Import outside series in a clone of it, on the command "
    "line (python -m indicators import KIND FILE), and push."
)
FACTS = {
    "series": "Id of the series",
    "title": "Title",
    "unit": "Unit",
    "publisher": "Publisher",
    "licence": "Terms of use",
    "url": "Publisher's page",
    "notes": "Notes for readers",
}
ASKED = {"fred": tuple(FACTS), "eia": tuple(FACTS), "tidy": ("title", "publisher", "licence", "url", "notes")}
"""Facts that a kind may need beside its file."""


def show_import(desk: Desk) -> None:
    """Draw the import of outside series for those who may edit, where the data can be written here."""
    permission = may_edit(tuple(desk.dataset.coders.index))
    if not permission.allowed:
        st.info(f"Only editors can import outside series. {permission.why}")
        return
    if not isinstance(open_data(), DirectoryStore):
        st.info(REMOTE)
        return
    kind = st.selectbox("Kind of file", list(KIND_TITLES), format_func=lambda id: KIND_TITLES[id], key="import-kind")
    upload = st.file_uploader("The publisher's file", type=["csv", "txt", "tsv", "xls", "xlsx"], key="import-file")
    facts = _ask_facts(kind)
    if upload is None:
        return
    order = Order(upload.name, desk.today, EARLIEST, **facts)
    delivery = read_delivery(kind, upload.getvalue(), order)
    _show_delivery(delivery)
    tried = None if delivery.problems else save_import(desk, delivery, dry_run=True)
    if isinstance(tried, Imported):
        _show_lines(tried.replaced)
        if not tried.files:
            st.info("Nothing new: the folder has all of it already.")
        elif st.button(f"Import {len(tried.series)} series", type="primary"):
            _show_outcome(save_import(desk, delivery))
    elif tried is not None:
        _show_outcome(tried)


def save_import(desk: Desk, delivery: Delivery, dry_run: bool = False) -> Imported | Refused | Failed:
    """Import if this session may edit now and the data are in a folder of this machine; else say why not."""
    permission = may_edit(tuple(desk.dataset.coders.index))
    if not permission.allowed:
        return Failed(f"{permission.why} Nothing was changed.")
    store = open_data()
    if not isinstance(store, DirectoryStore):
        return Failed(REMOTE)
    return import_delivery(store.data, delivery, dry_run, check_readings)


def _ask_facts(kind: str) -> dict[str, str]:
    facts = {}
    if kind == "ai-gpr":
        facts["vintage"] = st.text_input(
            "Vintage of a bilateral file, as in 2026-10",
            key="import-vintage",
            help="The month of its release. Empty: from the file's name, else this month.",
        ).strip()
    if kind in ASKED:
        with st.expander("About the series", expanded=kind == "tidy"):
            if kind != "tidy":
                st.caption("Only for series not known here; what you fill in takes precedence.")
            for name in ASKED[kind]:
                facts[name] = st.text_input(FACTS[name], key=f"import-{name}").strip()
    return facts


def _show_delivery(delivery: Delivery) -> None:
    _show_lines(delivery.notes)
    if delivery.problems:
        st.html(show_problems(Report(list(delivery.problems))))
    else:
        st.html(show_table(delivery_table(delivery), caption="Contents of the file"))


def _show_lines(lines: tuple[str, ...]) -> None:
    if lines:
        st.html(show_lines(lines))


def _show_outcome(outcome: Imported | Refused | Failed) -> None:
    if isinstance(outcome, Imported):
        st.success(f"Imported: {', '.join(outcome.series)}. Written: {', '.join(outcome.files)}.")
    elif isinstance(outcome, Refused):
        st.error("Nothing was imported.")
        st.html(show_problems(outcome.report))
    else:
        st.error(outcome.message)
