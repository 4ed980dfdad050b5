"""The files for hosting say what the guide promises; no container engine is needed to read them."""

import re
from pathlib import Path

import yaml

from indicators.records.settings import list_settings

HOSTING = Path(__file__).parents[2] / "hosting"


def test_the_container_runs_without_rights_and_says_whether_it_is_well() -> None:
    text = (HOSTING / "Dockerfile").read_text(encoding="utf-8")
    steps = [line.split(" ", 1)[0] for line in text.splitlines() if re.match(r"[A-Z]+ ", line)]
    assert steps.index("USER") < steps.index("CMD")
    assert re.search(r"^USER tension$", text, re.MULTILINE)
    assert "HEALTHCHECK" in steps
    assert "/healthz" in text
    for source in re.findall(r"^COPY (\S+)", text, re.MULTILINE):
        assert (HOSTING.parent / source).exists()


def test_compose_runs_two_replicas_that_can_write_to_their_state_only() -> None:
    services = yaml.safe_load((HOSTING / "compose.yaml").read_text(encoding="utf-8"))["services"]
    replicas = [services[name] for name in ("app-1", "app-2")]
    for replica in replicas:
        assert replica["read_only"]
        assert replica["cap_drop"] == ["ALL"]
        assert {volume.split(":")[1] for volume in replica["volumes"]} == {"/remote", "/state"}
    assert replicas[0]["volumes"] != replicas[1]["volumes"]
    upstream = re.findall(r"server (app-\d):8501", (HOSTING / "nginx.conf").read_text(encoding="utf-8"))
    assert upstream == ["app-1", "app-2"]


def test_the_guide_lists_every_setting_with_its_default_and_its_meaning() -> None:
    text = (HOSTING / "README.md").read_text(encoding="utf-8")
    rows = text.split("| variable | default | meaning |\n|---|---|---|\n")[1].split("\n\n")[0].splitlines()
    assert rows == [f"| `{variable}` | {default} | {meaning} |" for variable, default, meaning in list_settings()]


def test_no_other_setting_is_named_anywhere() -> None:
    root = HOSTING.parent
    pages = [root / "README.md", root / "docs" / "guide.md", HOSTING / "README.md", root / ".github" / "SECURITY.md"]
    sources = [*(root / "indicators").rglob("*.py"), root / "app.py", *pages, *HOSTING.glob("*.*")]
    named = {name for path in sources for name in re.findall(r"TENSION_[A-Z_]+", path.read_text(encoding="utf-8"))}
    assert named == {variable for variable, *_ in list_settings() if variable.startswith("TENSION_")}


def test_unit_and_container_start_the_server_with_the_same_settings_of_memory() -> None:
    unit, image = (
        re.findall(r"\bMALLOC_\w+=\d+", (HOSTING / file).read_text(encoding="utf-8"))
        for file in ("tension.service", "Dockerfile")
    )
    assert len(unit) == 3
    assert unit == image
