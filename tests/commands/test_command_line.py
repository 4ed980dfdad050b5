"""The command line as people and programs meet it: output, exit codes, silence on a broken pipe."""

import csv
import datetime as dt
import io
import json
import os
import shutil
import signal
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
from click.testing import CliRunner

from indicators.__main__ import main
from indicators.commands import ENTRIES
from indicators.measures.panel import Panel
from indicators.measures.series import build_series
from indicators.records.dataset import load_dataset
from indicators.records.folder import format_folder

REPOSITORY = Path(__file__).parents[2]
DATA = REPOSITORY / "data"


@pytest.fixture(scope="module")
def shipped(tmp_path_factory):
    """A canonical copy of the shipped folder, for reading only."""
    folder = tmp_path_factory.mktemp("shipped") / "data"
    shutil.copytree(DATA, folder)
    format_folder(folder, write=True)
    return folder


@pytest.fixture
def folder(shipped, tmp_path):
    """A copy of the shipped folder to edit."""
    return Path(shutil.copytree(shipped, tmp_path / "data"))


def run(*arguments, data=None):
    """Run a command in this process."""
    options = ["--data", str(data)] if data else []
    return CliRunner().invoke(main, [*map(str, arguments), *options], env={"TENSION_DATA": None})


def start(*arguments, data=None, **streams):
    """Start ``python -m indicators`` as a process of its own."""
    environment = {**os.environ, "TENSION_DATA": str(data or DATA)}
    command = [sys.executable, "-m", "indicators", *map(str, arguments)]
    return subprocess.Popen(command, cwd=REPOSITORY, env=environment, stderr=subprocess.PIPE, **streams)


def series(data, *options):
    """The rows of ``series`` as mappings of text."""
    result = run("series", *options, data=data)
    assert result.exit_code == 0
    return list(csv.DictReader(io.StringIO(result.stdout)))


def spoil(folder):
    """Write a score of 11 into the second line of the cyber scores."""
    path = folder / "scores" / "cyber.csv"
    lines = path.read_text(encoding="utf-8").split("\n")
    cells = lines[1].split(",")
    cells[2] = "11"
    path.write_text("\n".join([lines[0], ",".join(cells), *lines[2:]]), encoding="utf-8")


# Exit codes, in real processes


def test_a_folder_without_problems_ends_with_0(shipped):
    process = start("check", data=shipped, stdout=subprocess.PIPE)
    out, err = process.communicate()
    assert (process.returncode, err) == (0, b"")
    assert out.decode().splitlines()[-1].startswith("0 ")


def test_a_folder_with_problems_ends_with_1_and_names_file_line_column_and_code(folder):
    spoil(folder)
    process = start("check", "--format", "json", data=folder, stdout=subprocess.PIPE)
    out, err = process.communicate()
    assert (process.returncode, err) == (1, b"")
    problems = [(p["file"], p["line"], p["column"], p["value"], p["code"]) for p in json.loads(out)]
    assert ("scores/cyber.csv", 2, "score", "11", "score-range") in problems


def test_wrong_usage_ends_with_2_and_prints_nothing_on_standard_output():
    process = start("series", "--no-such-option", stdout=subprocess.PIPE)
    out, err = process.communicate()
    assert (process.returncode, out) == (2, b"")
    assert b"--no-such-option" in err


@pytest.mark.parametrize("arguments", [("series",), ("check",), ("--help",)])
def test_a_reader_that_has_gone_is_no_error(shipped, arguments):
    reader, writer = os.pipe()
    os.close(reader)
    process = start(*arguments, data=shipped, stdout=writer)
    os.close(writer)
    _, err = process.communicate()
    assert (process.returncode, err) == (0, b"")


def test_a_reader_that_takes_one_line_gets_the_header(shipped):
    process = start("series", "--level", "indicator", "--freq", "week", data=shipped, stdout=subprocess.PIPE)
    first = process.stdout.readline()
    process.stdout.close()
    err = process.stderr.read()
    process.stderr.close()
    assert (first, err, process.wait()) == (b"date,id,score,low,high,fresh,state\n", b"", 0)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_an_interrupt_is_quiet(folder, tmp_path):
    # A named pipe holds the command up at a known place: opening its other end waits until the command reads it.
    path = tmp_path / "download.csv"
    os.mkfifo(path)
    # Tests that run in the background may ignore interrupts; what they start would ignore them too.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        process = start("import", "fred", path, data=folder, stdout=subprocess.PIPE)
    finally:
        signal.signal(signal.SIGINT, before)
    with path.open("wb"):
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err.strip()) == (130, b"", b"")


# Wrong usage


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("no-such-command",),
        ("series", "--level", "planet"),
        ("series", "--freq", "year"),
        ("series", "--mean", "harmonic"),
        ("series", "--weight", "military"),
        ("series", "--weight", "military=heavy"),
        ("series", "--weight", "military=-1"),
        ("series", "--weight", "military=nan"),
        ("series", "--weight", "military=10.5"),
        ("series", "--as-of", "1999-12-31"),
        ("series", "--weight", "nowhere=1"),
        ("series", "--coder", "nobody"),
        ("series", "--from", "2024-06-30", "--to", "2024-01-31"),
        ("series", "--as-of", "31/12/2024"),
        ("series", "--as-of", "2024-2-9"),
        ("series", "--as-of", "2023-02-29"),
        ("series", "--as-of", "20240229"),
        ("series", "--as-of", "2024-W09-4"),
        ("check", "--no-such-option"),
        ("check", "git+http://example.org/data"),
        ("series", "--data", "git+https://example.org/data"),
    ],
)
def test_wrong_usage_is_told_apart_from_problems(shipped, arguments):
    result = run(*arguments, data=shipped if arguments[:1] == ("series",) and "--data" not in arguments else None)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr


@pytest.mark.parametrize("command", ["check", "format", "series"])
def test_a_folder_that_is_not_there_is_wrong_usage(tmp_path, command):
    assert run(command, data=tmp_path / "nowhere").exit_code == 2
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("command", [[], *([name] for name in ENTRIES)])
def test_every_command_has_help(command):
    result = run(*command, "--help")
    assert result.exit_code == 0
    assert result.stdout


def test_the_list_of_commands_knows_every_command_of_every_room():
    rooms = {
        path.stem: import_module(f"indicators.commands.{path.stem}")
        for path in (REPOSITORY / "indicators/commands").glob("*.py")
    }
    found = {command.name: name for name, room in rooms.items() for command in getattr(room, "COMMANDS", ())}
    assert found == {name: entry.room for name, entry in ENTRIES.items()}


# check and format


def test_the_folder_may_be_an_argument_an_option_or_from_the_environment(folder):
    spoil(folder)
    by_option = run("check", data=folder)
    by_argument = run("check", folder)
    by_environment = CliRunner().invoke(main, ["check"], env={"TENSION_DATA": str(folder)})
    assert by_option.stdout == by_argument.stdout == by_environment.stdout
    assert by_option.exit_code == by_argument.exit_code == by_environment.exit_code == 1


def test_check_gives_the_same_problems_in_every_form(folder):
    spoil(folder)
    as_json = json.loads(run("check", "--format", "json", data=folder).stdout)
    as_csv = list(csv.DictReader(io.StringIO(run("check", "--format", "csv", data=folder).stdout)))
    as_text = run("check", data=folder).stdout.splitlines()
    assert list(as_json[0]) == ["file", "line", "column", "value", "code", "message"]
    assert [{k: str(v) for k, v in p.items()} for p in as_json] == as_csv
    assert len(as_text) == len(as_json) + 1  # the last line is the count
    assert as_text[0].startswith("scores/cyber.csv:2 ")
    assert [(p["file"], p["line"]) for p in as_json] == sorted((p["file"], p["line"]) for p in as_json)


def test_a_refused_formula_is_text_for_spreadsheets_and_as_it_was_for_programs(folder):
    formula = '=HYPERLINK("https://example.org")'
    path = folder / "scores" / "cyber.csv"
    head, first, *rest = path.read_text(encoding="utf-8").split("\n")
    cells = first.split(",")
    cells[2] = '"' + formula.replace('"', '""') + '"'
    path.write_text("\n".join([head, ",".join(cells), *rest]), encoding="utf-8")
    as_csv = list(csv.DictReader(io.StringIO(run("check", "--format", "csv", data=folder).stdout)))
    as_json = json.loads(run("check", "--format", "json", data=folder).stdout)
    assert [row["value"] for row in as_csv] == [f"'{formula}"]
    assert [row["value"] for row in as_json] == [formula]


def test_a_folder_without_problems_gives_an_empty_list(shipped):
    assert json.loads(run("check", "--format", "json", data=shipped).stdout) == []
    assert run("check", "--format", "csv", data=shipped).stdout == "file,line,column,value,code,message\n"


def test_series_refuses_a_folder_with_problems_and_prints_them_as_errors(folder):
    spoil(folder)
    result = run("series", data=folder)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "scores/cyber.csv:2" in result.stderr


def test_format_check_only_says_and_format_repairs(folder):
    path = folder / "scores" / "cyber.csv"
    canonical = path.read_bytes()
    header, *lines = canonical.splitlines(keepends=True)
    path.write_bytes(b"".join([header, *reversed(lines)]))
    reversed_bytes = path.read_bytes()
    said = run("format", "--check", data=folder)
    assert said.exit_code == 1
    assert "scores/cyber.csv" in said.stdout
    assert path.read_bytes() == reversed_bytes
    assert run("format", data=folder).exit_code == 0
    assert path.read_bytes() == canonical
    assert run("format", "--check", data=folder).exit_code == 0


# series


def test_series_prints_one_row_a_month_from_the_first_reading(shipped):
    rows = series(shipped, "--freq", "month")
    assert list(rows[0]) == ["date", "id", "score", "low", "high", "fresh", "state"]
    assert {row["id"] for row in rows} == {"index"}
    days = [dt.date.fromisoformat(row["date"]) for row in rows]
    assert all((day + dt.timedelta(days=1)).day == 1 for day in days)
    months = [day.year * 12 + day.month for day in days]
    assert months == list(range(months[0], months[0] + len(months)))
    assert rows[0]["score"]
    newest = load_dataset(shipped).dataset.assessments["date"].max()
    assert (days[-1].year, days[-1].month) == (newest.year, newest.month)


@pytest.mark.parametrize("level", ["index", "dimension", "indicator"])
def test_printed_numbers_are_those_of_the_measures(shipped, level):
    panel = Panel(load_dataset(shipped).dataset)
    table = build_series(panel, level, panel.dates("quarter"))
    printed = series(shipped, "--level", level, "--freq", "quarter")
    assert [(r["date"], r["id"]) for r in printed] == list(
        zip(table["date"].dt.strftime("%Y-%m-%d"), table["id"], strict=True)
    )
    for name in ("score", "low", "high", "fresh"):
        assert [float(r[name] or "nan") for r in printed] == pytest.approx(table[name].tolist(), abs=1e-9, nan_ok=True)


def test_json_and_csv_hold_the_same_rows(shipped):
    as_json = json.loads(run("series", "--format", "json", data=shipped).stdout)
    as_csv = series(shipped)
    assert [(r["date"], r["id"]) for r in as_json] == [(r["date"], r["id"]) for r in as_csv]
    assert [r["score"] for r in as_json] == pytest.approx([float(r["score"]) for r in as_csv], abs=1e-9)


def test_before_anything_was_recorded_there_is_only_the_header(shipped):
    result = run("series", "--as-of", "2026-11-21", data=shipped)
    assert (result.exit_code, result.stdout) == (0, "date,id,score,low,high,fresh,state\n")
    assert "2026-11-21" in result.stderr
    assert json.loads(run("series", "--as-of", "2026-11-21", "--format", "json", data=shipped).stdout) == []


def test_dates_outside_the_assessments_give_only_the_header_and_the_reason(shipped):
    result = run("series", "--from", "1999-01-01", "--to", "1999-12-31", data=shipped)
    assert (result.exit_code, result.stdout) == (0, "date,id,score,low,high,fresh,state\n")
    assert result.stderr


def test_weeks_quarters_and_limits(shipped):
    weeks = series(shipped, "--freq", "week", "--from", "2024-01-01", "--to", "2024-01-31")
    assert [row["date"] for row in weeks] == ["2024-01-07", "2024-01-14", "2024-01-21", "2024-01-28"]
    quarters = series(shipped, "--freq", "quarter", "--from", "2024-01-01", "--to", "2024-12-31")
    assert [row["date"] for row in quarters] == ["2024-03-31", "2024-06-30", "2024-09-30", "2024-12-31"]


AT_2024_END = ("--from", "2024-12-31", "--to", "2024-12-31")


def test_the_index_is_the_weighted_mean_of_the_printed_dimensions(shipped):
    dimensions = {r["id"]: float(r["score"]) for r in series(shipped, "--level", "dimension", *AT_2024_END)}
    assert len(dimensions) == 5
    weights = dict.fromkeys(dimensions, 1.0) | {"military": 2.0, "energy": 0.0}
    expected = sum(weights[d] * score for d, score in dimensions.items()) / sum(weights.values())
    [row] = series(shipped, *AT_2024_END, "--weight", "military=2", "--weight", "energy=0")
    assert float(row["score"]) == pytest.approx(expected, abs=1e-9)


def test_the_geometric_index_is_the_product_of_the_printed_geometric_dimensions(shipped):
    product = 1.0
    for row in series(shipped, "--level", "dimension", "--mean", "geometric", *AT_2024_END):
        product *= 1 + float(row["score"])
    [row] = series(shipped, "--mean", "geometric", *AT_2024_END)
    assert float(row["score"]) == pytest.approx(product ** (1 / 5) - 1, abs=1e-9)


def test_readings_of_both_coders_are_the_mean_of_each_alone(shipped):
    both, first, second = (
        {r["id"]: float(r["score"]) for r in series(shipped, "--level", "indicator", *AT_2024_END, *coder)}
        for coder in ((), ("--coder", "c1"), ("--coder", "c2"))
    )
    assert both == {id: pytest.approx((first[id] + second[id]) / 2) for id in both}
    assert first != second


def append(path, *rows):
    """Add rows to a CSV file."""
    with path.open("a", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def test_a_replacement_shows_from_the_day_on_which_it_was_recorded(folder):
    today = dt.datetime.now(dt.UTC)
    yesterday = f"{today - dt.timedelta(days=1):%Y-%m-%d}"
    options = ("--level", "indicator", "--coder", "c1", *AT_2024_END)
    before = series(folder, *options, "--as-of", yesterday)[0]
    path = folder / "scores" / "military.csv"
    with path.open(newline="", encoding="utf-8") as file:
        rows = [r for r in csv.DictReader(file) if r["indicator"] == before["id"] and r["coder"] == "c1"]
    last = max((r for r in rows if r["date"] <= "2024-12-31"), key=lambda r: (r["date"], r["recorded"]))
    changed = "0" if float(last["score"]) > 5 else "10"
    replaced = last | {"score": changed, "low": changed, "high": changed, "recorded": f"{today:%Y-%m-%dT%H:%M:%SZ}"}
    append(path, replaced.values())
    assert series(folder, *options, "--as-of", yesterday)[0] == before
    assert float(series(folder, *options)[0]["score"]) == float(changed)


def test_a_dimension_is_added_by_writing_files(folder):
    text = "Written for the purpose of this test, long enough for the rule."
    recorded = "2026-11-22T15:00:00Z"
    append(folder / "codebook" / "dimensions.csv", ["space", "Space", text, 1])
    append(folder / "codebook" / "indicators.csv", ["spa_orbit", "space", "Orbits", text, 1, "quarter"])
    append(folder / "codebook" / "anchors.csv", *(["spa_orbit", n, text] for n in (0, 2, 4, 6, 8, 10)))
    event = [
        "E9000",
        "2024-01-15",
        "spa_orbit",
        "raises",
        text,
        "https://example.org/",
        "Title",
        "Publisher",
        "B",
        "2",
        "",
        "",
    ]
    append(folder / "events.csv", event)
    header = (folder / "scores" / "cyber.csv").read_text(encoding="utf-8").split("\n")[0].split(",")
    row = ["2024-01-31", "spa_orbit", 9, 8, 10, text, "E9000", "c1", recorded, "1.0"]
    append(folder / "scores" / "space.csv", header, row)
    assert run("format", data=folder).exit_code == 0
    assert run("check", data=folder).stdout.splitlines() == ["0 problems"]
    rows = {r["id"]: float(r["score"]) for r in series(folder, "--level", "dimension", *AT_2024_END)}
    assert rows["space"] == 9
    [index] = series(folder, *AT_2024_END)
    others = [score for id, score in rows.items() if id != "space"]
    assert float(index["score"]) == pytest.approx((sum(others) + 9) / (len(others) + 1), abs=1e-9)


@pytest.mark.parametrize("error", [TimeoutError(), OSError(28, "No space left on device")], ids=["locked", "disk-full"])
def test_format_says_why_it_could_not_write(folder, monkeypatch, error):
    def fail(*_, **__):
        raise error

    monkeypatch.setattr("indicators.commands.folder.format_folder", fail)
    result = run("format", data=folder)
    assert result.exit_code == 1
    assert not result.stdout
    assert len(result.stderr.splitlines()) == 1


def test_publish_says_why_it_could_not_write(shipped, tmp_path, monkeypatch):
    def fail(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("indicators.show.publication.build.publish", fail)
    result = run("publish", tmp_path / "out", "--no-previews", data=shipped)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "No space left on device" in result.stderr


def test_format_names_a_file_that_it_could_not_read_and_ends_with_1(folder):
    file = folder / "scores" / "cyber.csv"
    broken = {
        "semicolons": file.read_bytes().replace(b",", b";"),
        "UTF-16": file.read_text(encoding="utf-8").encode("utf-16"),
        "Latin-1": file.read_bytes() + "2024-01-31,Straße\n".encode("latin-1"),
        "another column": file.read_bytes().replace(b",method\n", b",method,note\n", 1),
        "a row cut short": file.read_bytes() + b"2024-01-31,cyb_espionage\n",
        "a backslash before a mark": file.read_bytes().replace(b"method\n", b'method\n"a \\"b\\"",x\n', 1),
    }
    for name, content in broken.items():
        file.write_bytes(content)
        for options in ((), ("--check",)):
            result = run("format", *options, data=folder)
            assert result.exit_code == 1, name
            assert "scores/cyber.csv:" in result.stderr, name
            assert "left as they are: scores/cyber.csv" in result.stdout, name
            assert file.read_bytes() == content, name


def test_format_rewrites_the_others_beside_a_file_that_it_could_not_read(folder):
    (folder / "scores" / "cyber.csv").write_bytes(b"date;indicator\n")
    events = folder / "events.csv"
    before = events.read_bytes()
    head, *rows = before.splitlines(keepends=True)
    events.write_bytes(head + b"".join(reversed(rows)))
    result = run("format", data=folder)
    assert result.exit_code == 1
    assert "events.csv rewritten" in result.stdout.splitlines()
    assert events.read_bytes() == before


@pytest.mark.parametrize(
    ("command", "unneeded"),
    [
        ("--help", {"pandas", "numpy", "indicators.commands.options"}),
        ("check --help", {"scipy", "plotly", "streamlit", "krippendorff"}),
        ("series --help", {"scipy", "plotly", "streamlit", "krippendorff"}),
    ],
)
def test_a_command_starts_without_what_only_others_need(command, unneeded):
    code = f"import sys, indicators.__main__ as m; m.main({command.split()!r}, standalone_mode=False); print({unneeded!r} & {{*sys.modules}})"
    result = subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert result.stdout.splitlines()[-1] == "set()"


def test_the_commands_read_a_folder_with_other_line_ends_and_only_check_speaks_of_them(folder):
    plain = run("series", data=folder).stdout
    for file in folder.rglob("*.csv"):
        file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    found = run("series", data=folder)
    assert (found.exit_code, found.stdout, found.stderr) == (0, plain, "")
    checked = run("check", "--format", "json", data=folder)
    assert checked.exit_code == 1
    assert {p["code"] for p in json.loads(checked.stdout)} == {"line-ending"}


def test_a_rule_cannot_record_a_score(folder):
    event = next(csv.DictReader((folder / "events.csv").open(encoding="utf-8")))
    options = ["--low", "5", "--high", "7", "--date", "2026-09-30", "--event", event["event"]]
    said = ["--rationale", "A rule has no reasons of its own to give."]
    result = run("record", event["indicator"], "6", *options, *said, "--coder", "baseline", data=folder)
    assert result.exit_code == 1
    assert "[rule-coder]" in result.stderr
