"""What runs at a merge: nothing is published before the tests have passed."""

import re
from pathlib import Path
from typing import Any

import yaml

WORKFLOWS = Path(__file__).parents[1] / ".github" / "workflows"


def read_workflow(name: str) -> dict[Any, Any]:
    """A workflow; YAML takes its key `on` for the truth value."""
    content: dict[Any, Any] = yaml.safe_load((WORKFLOWS / name).read_text(encoding="utf-8"))
    return content


def test_publishing_waits_for_the_whole_test_workflow() -> None:
    jobs = read_workflow("publish.yml")["jobs"]
    assert jobs["test"]["uses"] == "./.github/workflows/test.yml"
    assert "workflow_call" in read_workflow("test.yml")[True]
    assert any(step.get("run") == "make test" for step in read_workflow("test.yml")["jobs"]["test"]["steps"])
    writing = {name for name, job in jobs.items() if (job.get("permissions") or {}).get("contents") == "write"}
    assert writing == {"publish"}
    assert jobs["publish"]["needs"] == "test"
    assert "if" not in jobs["publish"]  # a condition of its own would run it after a failure too


def test_every_push_to_main_is_tested_whatever_it_changes() -> None:
    push = read_workflow("publish.yml")[True]["push"]
    assert push == {"branches": ["main"]}
    assert "pull_request" in read_workflow("test.yml")[True]


def test_no_workflow_has_rights_but_those_that_its_jobs_name() -> None:
    for path in WORKFLOWS.glob("*.yml"):
        workflow = read_workflow(path.name)
        assert workflow["permissions"] == {}, path.name
        assert all(job["permissions"]["contents"] for job in workflow["jobs"].values()), path.name


def test_feeds_are_asked_by_hand_or_where_the_repository_says_so() -> None:
    job = read_workflow("gather.yml")["jobs"]["gather"]
    assert job["if"] == "github.event_name == 'workflow_dispatch' || vars.GATHER == 'on'"
    assert any("indicators check data" in step.get("run", "") for step in job["steps"])


def test_every_action_is_named_by_its_whole_commit_and_its_version() -> None:
    used = [line for path in WORKFLOWS.glob("*.yml") for line in re.findall(r"uses: ([^.\s].*)", path.read_text())]
    assert len(used) >= 8
    assert [line for line in used if not re.fullmatch(r"[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line)] == []


def test_the_fast_tests_run_on_every_python_that_is_promised() -> None:
    fast = read_workflow("test.yml")["jobs"]["fast"]
    assert fast["strategy"]["matrix"]["python"] == ["3.11", "3.12", "3.13"]
    assert fast["steps"][-1]["run"] == "make test-fast"
    assert 'requires-python = ">=3.11"' in (WORKFLOWS.parents[1] / "pyproject.toml").read_text(encoding="utf-8")


def test_a_newer_push_stops_the_tests_of_a_request_but_not_those_of_main() -> None:
    assert (
        read_workflow("test.yml")["concurrency"]["cancel-in-progress"] == "${{ github.event_name == 'pull_request' }}"
    )
    assert read_workflow("data.yml")["concurrency"]["cancel-in-progress"] is True


def test_each_night_the_slowest_tests_run_and_known_weaknesses_are_asked_for() -> None:
    nightly = read_workflow("nightly.yml")
    assert nightly[True]["schedule"]
    thorough, audit = (nightly["jobs"][name]["steps"][-1] for name in ("thorough", "audit"))
    assert (thorough["run"], thorough["env"]) == ("make test", {"THOROUGH": "1"})
    assert audit["run"] == "make audit"


def test_an_older_state_is_never_published_after_a_newer_one() -> None:
    assert read_workflow("publish.yml")["concurrency"] == {"group": "publish"}
