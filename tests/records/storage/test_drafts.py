"""Drafts on the disk: they outlast the process, stay with their coder, and cannot grow without end."""

from pathlib import Path

import pytest

from indicators.records.storage.drafts import LONGEST_DRAFT, MOST_DRAFTS, Drafts, place_drafts

QUARTER = "2024-09-30"


@pytest.fixture
def drafts(tmp_path: Path) -> Drafts:
    """Drafts in a folder that does not exist yet."""
    return Drafts(tmp_path / "state" / "drafts")


def test_what_was_typed_is_read_back_by_another_process_and_only_for_its_coder(drafts: Drafts) -> None:
    assert drafts.note("c1", QUARTER, "mil_posture", {"score": "7 6 8", "rationale": "Ни одна бригада\nне ушла"}) == ""
    again = Drafts(drafts.folder)
    assert again.read("c1", QUARTER) == {"mil_posture": {"score": "7 6 8", "rationale": "Ни одна бригада\nне ушла"}}
    assert again.read("c1", "2024-06-30") == {}
    assert again.read("c2", QUARTER) == {}


def test_fields_typed_in_two_browsers_stand_beside_each_other_and_blank_ones_go(drafts: Drafts) -> None:
    drafts.note("c1", QUARTER, "mil_posture", {"score": "7", "low": "6"})
    drafts.note("c1", QUARTER, "mil_posture", {"rationale": "Much as before.", "low": ""})
    assert drafts.read("c1", QUARTER) == {"mil_posture": {"score": "7", "rationale": "Much as before."}}
    drafts.note("c1", QUARTER, "mil_posture", {"score": "", "rationale": ""})
    assert drafts.read("c1", QUARTER) == {}


def test_a_draft_that_was_saved_is_forgotten_alone(drafts: Drafts) -> None:
    for name in ("mil_posture", "mil_signals"):
        drafts.note("c1", QUARTER, name, {"score": "7"})
    drafts.discard("c1", QUARTER, "mil_posture")
    assert set(drafts.read("c1", QUARTER)) == {"mil_signals"}


def test_number_and_size_have_a_bound(drafts: Drafts) -> None:
    for number in range(MOST_DRAFTS + 5):
        drafts.note("c1", QUARTER, f"n{number}", {"score": "7"})
    kept = drafts.read("c1", QUARTER)
    assert len(kept) == MOST_DRAFTS
    assert "n4" not in kept
    assert "12,000 characters" in drafts.note("c1", QUARTER, "long", {"rationale": "x" * (LONGEST_DRAFT + 1)})
    assert "long" not in drafts.read("c1", QUARTER)


def test_a_file_that_cannot_be_read_holds_no_draft_and_one_that_cannot_be_written_is_told(drafts: Drafts) -> None:
    drafts.note("c1", QUARTER, "mil_posture", {"score": "7"})
    (path,) = drafts.folder.glob("*.json")
    path.write_bytes(b'[{"quarter": "2024')
    assert drafts.read("c1", QUARTER) == {}
    assert drafts.note("c1", QUARTER, "mil_posture", {"score": "8"}) == ""
    blocked = Drafts(path / "below-a-file")
    assert "cannot be written" in blocked.note("c1", QUARTER, "mil_posture", {"score": "7"})
    assert blocked.read_coder() == ""


def test_who_scores_on_this_machine_is_known_after_a_restart(drafts: Drafts) -> None:
    assert drafts.read_coder() == ""
    drafts.note_coder("c2")
    assert Drafts(drafts.folder).read_coder() == "c2"


def test_drafts_stand_beside_the_queue_and_never_among_the_data(tmp_path: Path) -> None:
    state = tmp_path / "state"
    assert place_drafts("git+https://example.org/r#main", state).parent.parent == state
    assert place_drafts(str(tmp_path / "data"), state) != place_drafts(str(tmp_path / "other"), state)
    assert not place_drafts(str(tmp_path / "data"), state).is_relative_to(tmp_path / "data")
