"""The tab Review shows both reasons side by side, and what was ruled."""

from pathlib import Path

import pytest
import streamlit as st

from indicators.records.folder import format_folder
from tests.dashboard.looking import open_app, words_of


@pytest.mark.usefixtures("editor")
def test_both_reasons_stand_side_by_side_until_the_lead_has_ruled(folder: Path) -> None:
    with (folder / "codebook/topic.csv").open("a") as file:
        file.write("released,2024-06-30\n")  # else c1 would not see what c2 has scored
    scores = folder / "scores/military.csv"
    scores.write_text(
        scores.read_text().replace("2024-06-30,mil_posture,5,4,6,Half", "2024-06-30,mil_posture,8,7,9,Half")
    )
    words = words_of(open_app("update", draft_way="Review"))
    assert "1 pair to look at" in words
    assert "3, ranges do not overlap" in words
    assert "c1: 5.0 (4.0 to 6.0). One brigade has returned and one remains in place." in words
    assert "c2: 8.0 (7.0 to 9.0). Half of the build-up has been taken back again." in words
    (folder / "codebook/rulings.csv").write_text(
        "indicator,point,ruling,date,coder,recorded\n"
        "mil_posture,Does a brigade that may return count?,It counts as long as it stands there.,2024-06-30,c1,2024-07-20\n"
    )
    format_folder(folder, write=True)
    st.cache_resource.clear()
    words = words_of(open_app("update", draft_way="Review"))
    assert "No two scores that you may see differ that much" in words
    assert "It counts as long as it stands there." in words
