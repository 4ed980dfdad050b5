"""What runs at a merge: nothing is published before the tests have passed."""

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


def test_no_workflow_may_write_where_no_job_needs_it() -> None:
    for path in WORKFLOWS.glob("*.yml"):
        assert read_workflow(path.name)["permissions"]["contents"] == "read"


def test_an_older_state_is_never_published_after_a_newer_one() -> None:
    assert read_workflow("publish.yml")["concurrency"] == {"group": "publish"}
