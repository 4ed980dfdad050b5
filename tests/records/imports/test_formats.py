"""Publishers' files are read as they come: tolerant of their form, strict about every value and date."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.records.imports.formats import KIND_TITLES, KINDS, read_delivery
from indicators.records.imports.periods import end_period, find_frequency, list_missing, read_american_day, read_day
from indicators.records.imports.series import Delivery, Order
from indicators.records.rules import Fault
from tests.outside_files import EIA, FRED, GPR, KIEL_US, LAYOUTS, PAIRS, TIDY, TODAY, addresses, deliver, values_of


def test_the_gpr_export_gives_the_known_series_at_month_ends() -> None:
    found = deliver("gpr")
    assert found.problems == ()
    assert [entry["series"] for entry in found.sources] == ["GPR", "GPRT", "GPRA", "GPRC_RUS", "GPRC_USA", "GPRC_UKR"]
    assert values_of(found, "GPR") == {"2024-01-31": "100.5", "2024-02-29": "120.0", "2024-04-30": "90"}
    assert values_of(found, "GPRC_UKR") == {"2024-01-31": "0.5", "2024-02-29": "0.75"}
    assert {row["unit"] for row in found.rows if row["series"] == "GPRC_RUS"} == {"percent of newspaper articles"}


def test_what_a_file_lacks_is_said() -> None:
    said = "\n".join(deliver("gpr").notes)
    assert "GPR: 1 earlier rows, before 2019-01-01, were left out." in said
    assert "GPR: 3 monthly values, 2024-01-31 to 2024-04-30; 1 missing: 2024-03-31." in said
    assert "GPRC_UKR: 2 monthly values, 2024-01-31 to 2024-02-29; 1 blank in the file: 2024-04-01." in said
    without = deliver("gpr", GPR.replace("GPRC_UKR", "GPRC_POL"))
    assert "Not in the file: GPRC_UKR." in without.notes
    assert len(without.sources) == 5


def test_the_ai_gpr_columns_are_found_by_name() -> None:
    found = deliver("ai-gpr")
    assert {
        s: values_of(found, s)["2024-01-31"] for s in ("AIGPR", "AIGPR_THREATS", "AIGPR_ACTS", "AIGPR_OIL_RUSSIA")
    } == {
        "AIGPR": "101.25",
        "AIGPR_THREATS": "120",
        "AIGPR_ACTS": "80.5",
        "AIGPR_OIL_RUSSIA": "2.21",
    }


def test_a_bilateral_file_is_a_vintage_of_its_own_with_the_sum_of_both_directions() -> None:
    found = deliver("pairs")
    assert values_of(found, "AIGPR_USA_RUS_V202610") == {"2026-08-31": "1.1", "2026-09-30": "0.0"}
    assert values_of(found, "AIGPR_RUS_USA_V202610") == {"2026-08-31": "2.2", "2026-09-30": "0.3"}
    # By hand: 1.1 + 2.2 and 0.0 + 0.3, without a rest of binary fractions.
    assert values_of(found, "AIGPR_USA_RUS_SUM_V202610") == {"2026-08-31": "3.3", "2026-09-30": "0.3"}
    assert all(entry["notes"].startswith("Vintage 2026-10.") for entry in found.sources)


@pytest.mark.parametrize(
    ("name", "vintage", "series"),
    [
        ("pairs.csv", "2026-12", "AIGPR_USA_RUS_V202612"),
        ("ai_gpr_bilateral_monthly_20261002.csv", "", "AIGPR_USA_RUS_V202610"),
        ("ai_gpr_bilateral_monthly.csv", "", "AIGPR_USA_RUS_V202611"),
    ],
)
def test_the_vintage_is_the_one_given_or_the_files_or_the_days(name: str, vintage: str, series: str) -> None:
    assert series in {entry["series"] for entry in deliver("pairs", name=name, vintage=vintage).sources}


@pytest.mark.parametrize("vintage", ["2026-08", "202610", "October", "2026-13"])
def test_a_vintage_is_a_month_and_not_before_the_files_newest(vintage: str) -> None:
    found = deliver("pairs", vintage=vintage)
    assert addresses(found) == [(0, "vintage", vintage, "layout")]
    assert found.rows == found.sources == ()


@pytest.mark.parametrize("head", ["observation_date", "DATE"])
def test_a_fred_download_keeps_blanks_blank(head: str) -> None:
    found = deliver("fred", FRED.replace("observation_date", head))
    assert values_of(found, "EU_GAS_PNGASEUUSDM") == {"2024-01-31": "9.5", "2024-03-31": "8.25"}
    assert "1 missing: 2024-02-29; 1 blank in the file: 2024-02-01" in found.notes[0]


def test_an_unknown_fred_series_needs_its_facts() -> None:
    text = FRED.replace("PNGASEUUSDM", "DTWEXBGS")
    assert {p.message for p in deliver("fred", text).problems} == {
        f"is not a known series — give its {name}" for name in ("title", "unit", "publisher", "licence")
    }
    facts = {"title": "Broad dollar", "unit": "index", "publisher": "Federal Reserve", "licence": "public domain"}
    (entry,) = deliver("fred", text, **facts).sources
    assert (entry["series"], entry["url"]) == ("FRED_DTWEXBGS", "https://fred.stlouisfed.org/series/DTWEXBGS")


@pytest.mark.parametrize(
    "days",
    [("Mar 2024", "Feb 2024", "Jan 2024"), ("Mar-2024", "Feb-2024", "Jan-2024"), ("2024-03", "2024-02", "2024-01")],
)
def test_an_eia_download_is_read_below_its_description(days: tuple[str, ...]) -> None:
    text = EIA
    for old, new in zip(("Mar 2024", "Feb 2024", "Jan 2024"), days, strict=True):
        text = text.replace(old, new)
    expected = {"2024-01-31": "80.12", "2024-02-29": "83.48", "2024-03-31": "85.41"}
    assert values_of(deliver("eia", text), "BRENT_MONTHLY") == expected


def test_daily_eia_dates_are_month_day_year() -> None:
    text = EIA.replace("Month,", "Day,")
    for old, new in (("Mar 2024", "03/05/2024"), ("Feb 2024", "03/04/2024"), ("Jan 2024", '"Mar 1, 2024"')):
        text = text.replace(old, new)
    expected = {"2024-03-01": "80.12", "2024-03-04": "83.48", "2024-03-05": "85.41"}
    assert values_of(deliver("eia", text), "BRENT_DAILY") == expected


def test_of_several_eia_series_the_known_one_is_taken_whatever_its_place() -> None:
    text = "Sourcekey,RWTC,RBRTE\nDate,WTI Spot Price (Dollars per Barrel),Europe Brent Spot Price FOB (Dollars per Barrel)\n"
    found = deliver("eia", text + '"Jan 15, 2024",70,80\n"Feb 15, 2024",71,81\n')
    assert values_of(found, "BRENT_MONTHLY") == {"2024-01-31": "80", "2024-02-29": "81"}
    other = deliver("eia", "Date,WTI,Dubai\n2024-01-31,1,2\n", series="WTI", title="WTI", unit="USD")
    assert [(p.code, p.column) for p in other.problems] == [("layout", "file")]


def test_a_plain_eia_table_needs_its_facts() -> None:
    text = "Date,Value\n2024-01-31,3\n2024-02-29,4\n"
    assert {p.column for p in deliver("eia", text).problems} == {"Value"}
    facts = {
        "series": "HENRY_HUB",
        "title": "Henry Hub",
        "unit": "USD per MMBtu",
        "url": "https://www.eia.gov/naturalgas/",
    }
    assert values_of(deliver("eia", text, **facts), "HENRY_HUB") == {"2024-01-31": "3", "2024-02-29": "4"}


def test_months_without_an_american_row_are_0_and_that_is_said() -> None:
    found = deliver("kiel-us")
    assert values_of(found, "UST_US_ALLOC_TOTAL") == {"2024-01-31": "1.5", "2024-02-29": "0", "2024-03-31": "2.25"}
    assert values_of(found, "UST_US_ALLOC_MILITARY") == {"2024-01-31": "0.5", "2024-02-29": "0", "2024-03-31": "1.25"}
    assert "Months without a row of the United States, written as 0: 1." in found.notes
    other = deliver("kiel-us", KIEL_US + '"Canada","CAN",2024,5,1,0,0,1,1,1681,0.01\n')  # a second such month
    assert values_of(other, "UST_US_ALLOC_TOTAL") == {**values_of(found, "UST_US_ALLOC_TOTAL"), "2024-05-31": "0"}


def test_all_donors_come_from_the_monthly_totals() -> None:
    found = deliver("kiel-all")
    assert values_of(found, "UST_ALL_ALLOC_MILITARY") == {"2024-01-31": "1.843785", "2024-02-29": "2.923001"}


def test_a_tidy_file_needs_the_facts_of_its_source() -> None:
    found = deliver("tidy", title="", publisher="", licence="", url="")
    assert [(p.column, p.code) for p in sorted(found.problems)] == [
        (name, "layout") for name in ("licence", "publisher", "title", "url")
    ]
    good = deliver("tidy")
    assert values_of(good, "GAS_FLOW") == {"2024-01-07": "700", "2024-01-14": "650.5", "2024-01-28": "600"}
    assert good.notes == ("GAS_FLOW: 3 weekly values, 2024-01-07 to 2024-01-28; 1 missing: 2024-01-21.",)


@pytest.mark.parametrize(
    ("layout", "old", "new", "problem"),
    [
        ("gpr", "100.5", '"100,5"', (3, "GPR", "100,5", "number-format")),
        ("gpr", "100.5", "1e2", (3, "GPR", "1e2", "number-format")),
        ("gpr", "100.5", "NaN", (3, "GPR", "NaN", "number-format")),
        ("gpr", "2024-02-01", "1/2/2024", (4, "month", "1/2/2024", "date-format")),
        ("gpr", "2024-02-01", "45323", (4, "month", "45323", "date-format")),
        ("gpr", "2024-02-01", "2024-02-30", (4, "month", "2024-02-30", "date-impossible")),
        ("gpr", "2024-02-01", "2024-01-15", (4, "GPR", "120.0", "row-duplicate")),
        ("gpr", "month", "period", (1, "file", "", "layout")),
        ("fred", "8.25", "8.25,1", (4, "row", "2024-03-01", "cell-count")),
        ("eia", "Feb 2024", "Feb 24", (8, "Month", "Feb 24", "date-format")),
        ("eia", "Feb 2024", "Febber 2024", (8, "Month", "Febber 2024", "date-impossible")),
        ("kiel-us", '"USA",2024,3', '"USA",2024,13', (5, "month", "2024-13", "date-impossible")),
        ("kiel-us", '"military"', '"arms"', (1, "military", "", "layout")),
        ("tidy", "2024-01-14", "14.01.2024", (3, "date", "14.01.2024", "date-format")),
        ("tidy", "2024-01-14", "March 2024", (3, "date", "March 2024", "date-format")),
        ("tidy", "2024-01-14", "2024-01", (3, "date", "2024-01", "date-format")),
        ("tidy", "650.5", "=1+1", (3, "value", "=1+1", "number-format")),
        ("tidy", "unit\n", "units\n", (1, "unit", "", "column-missing")),
    ],
)
def test_a_fault_has_its_line_column_and_value(
    layout: str, old: str, new: str, problem: tuple[int, str, str, str]
) -> None:
    text = LAYOUTS[layout][1]
    found = deliver(layout, text.replace(old, new))
    assert problem in addresses(found)
    assert found.rows == found.sources == ()


def test_all_faults_are_named_at_once() -> None:
    text = GPR.replace("100.5", "x").replace("3.5", "y").replace("2024-04-01", "April")
    assert [a[:3] for a in addresses(deliver("gpr", text))] == [
        (3, "GPR", "x"),
        (4, "GPRC_USA", "y"),
        (5, "month", "April"),
    ]


@pytest.mark.parametrize("start", [b"PK\x03\x04", b"\xd0\xcf\x11\xe0"])
def test_a_workbook_is_refused_with_advice(start: bytes) -> None:
    (problem,) = deliver("gpr", start + b"\0" * 40, name="data_gpr_export.xls").problems
    assert (problem.file, problem.code) == ("data_gpr_export.xls", "encoding")
    assert "save the sheet as CSV" in problem.message


@pytest.mark.parametrize("layout", LAYOUTS)
def test_other_forms_of_the_same_file_deliver_the_same(layout: str) -> None:
    text = LAYOUTS[layout][1]
    forms = [
        b"\xef\xbb\xbf" + text.encode(),
        text.replace("\n", "\r\n").encode(),
        text.encode("utf-16"),
        (text + "\n\n").encode(),
    ]
    for form in forms:
        assert deliver(layout, form).rows == deliver(layout).rows


@given(st.sampled_from(list(KINDS)), st.binary(max_size=200))
def test_no_bytes_break_a_parser_and_none_deliver_without_a_source(kind: str, content: bytes) -> None:
    found = read_delivery(kind, content, Order("file.csv", TODAY))
    assert {row["series"] for row in found.rows} == {entry["series"] for entry in found.sources}
    assert found.rows or found.problems


def test_every_kind_has_a_title() -> None:
    assert list(KIND_TITLES) == list(KINDS)


def test_a_text_of_a_file_cannot_become_a_formula() -> None:
    found = deliver("tidy", TIDY.replace("million cubic metres per week", "=HYPERLINK(1)"))
    assert {p.code for p in found.problems} == {"formula"}
    assert {p.code for p in deliver("tidy", title="=1+1").problems} == {"formula"}
    assert {p.code for p in deliver("tidy", url="javascript:alert(1)").problems} == {"url"}


@pytest.mark.parametrize(
    ("step", "frequency"), [(1, "daily"), (7, "weekly"), (30, "monthly"), (91, "quarterly"), (365, "yearly")]
)
def test_the_frequency_is_that_of_the_lower_middle_step(step: int, frequency: str) -> None:
    first = dt.date(2024, 1, 1)
    assert find_frequency([first, first + dt.timedelta(days=step), first + dt.timedelta(days=5 * step)]) == frequency


@given(st.dates(dt.date(1990, 1, 1), dt.date(2090, 1, 1)), st.sampled_from(["monthly", "quarterly", "yearly"]))
def test_a_period_ends_on_or_after_its_days_and_only_once(day: dt.date, frequency: str) -> None:
    end = end_period(day, frequency)
    assert end >= day
    assert end_period(end, frequency) == end
    assert (end + dt.timedelta(days=1)).day == 1


@given(st.sets(st.integers(0, 40), min_size=2))
def test_missing_and_present_months_are_all_months_between(places: set[int]) -> None:
    months = [end_period(dt.date(2020 + n // 12, n % 12 + 1, 1), "monthly") for n in range(41)]
    present = [months[n] for n in places]
    missing = list_missing(present, "monthly")
    assert sorted([*present, *missing]) == months[min(places) : max(places) + 1]


@given(st.text(max_size=14))
def test_any_text_is_a_day_or_a_fault_that_says_what_to_do(text: str) -> None:
    for read in (read_day, read_american_day):
        found = read(text)
        assert isinstance(found, dt.date) or (isinstance(found, Fault) and "—" in found.message)


def test_the_pairs_of_a_file_without_one_direction_have_no_sum() -> None:
    found = deliver("pairs", PAIRS.replace("Russia|USA", "Russia|China"))
    assert [e["series"] for e in found.sources] == ["AIGPR_USA_RUS_V202610", "AIGPR_RUS_UKR_V202610"]
    assert "Not in the file: Russia|USA." in found.notes


def test_a_row_that_a_country_shares_a_name_with_is_not_taken() -> None:
    text = KIEL_US.replace('"United States","USA"', '"United States Minor Outlying Islands","UMI"')
    assert deliver("kiel-us", text).rows == ()


@pytest.mark.parametrize(
    ("kind", "line", "short"),
    [
        ("gpr", 3, "2024-01-01,100.5"),
        ("fred", 3, "2024-02-01"),
        ("kiel-us", 3, '"Canada","CAN",2024'),
        ("tidy", 3, "2024-01-14,GAS_FLOW"),
    ],
)
def test_a_line_that_ends_early_is_named_and_nothing_is_taken(kind: str, line: int, short: str) -> None:
    lines = LAYOUTS[kind][1].split("\n")
    lines[line - 1] = short
    found = deliver(kind, "\n".join(lines))
    assert [(number, column, code) for number, column, _, code in addresses(found)] == [(line, "row", "cell-count")]
    assert found.rows == ()


@pytest.mark.parametrize("date", ["14/01/2024", "2024-1-14", "2024-01", "Jan 2024", "45305", ""])
def test_a_tidy_file_has_days_in_one_form(date: str) -> None:
    found = deliver("tidy", TIDY.replace("2024-01-14", date))
    assert [(line, column, value) for line, column, value, _ in addresses(found)] == [(3, "date", date)]


def test_a_series_of_a_tidy_file_keeps_its_unit() -> None:
    found = deliver("tidy", TIDY.replace("650.5,million cubic metres per week", "650.5,million cubic metres per day"))
    assert addresses(found) == [(3, "unit", "million cubic metres per day", "layout")]


def test_a_tidy_file_of_a_header_alone_is_refused() -> None:
    found = deliver("tidy", "date,series,value,unit\n")
    assert [(column, code) for _, column, _, code in addresses(found)] == [("file", "layout")]


def test_one_id_cannot_name_several_fred_columns() -> None:
    text = "observation_date,PNGASEUUSDM,DCOILBRENTEU\n2024-01-01,9.5,80\n"
    facts = {"title": "Prices", "unit": "USD", "publisher": "Federal Reserve", "licence": "public domain"}
    assert addresses(deliver("fred", text, series="GAS", **facts)) == [(1, "series", "GAS", "layout")]


def test_a_press_index_without_any_known_column_is_refused_and_says_which() -> None:
    found = deliver("gpr", "month,GPR_OLD\n2024-01-01,100\n")
    assert [(line, column) for line, column, _, _ in addresses(found)] == [(1, "file")]
    assert "GPRC_RUS" in found.problems[0].message


def test_a_tracker_file_without_country_codes_is_read_by_names() -> None:
    text = "\n".join(",".join(line.split(",")[:1] + line.split(",")[2:]) for line in KIEL_US.splitlines())
    assert deliver("kiel-us", text).rows == deliver("kiel-us", KIEL_US).rows


# How often a series comes, and when its periods end

WEEKS = ["2025-12-10", "2025-12-17", "2025-12-24", "2025-12-31", "2026-01-04", "2026-01-11", "2026-01-18", "2026-02-08"]


def tidy(*days: str) -> str:
    """A tidy file of one series with a value on each of some days."""
    return "date,series,value,unit\n" + "".join(f"{day},FLOW,{n},bcm\n" for n, day in enumerate(days, 1))


def frequency_of(delivery: Delivery) -> set[str]:
    assert delivery.problems == ()
    return {entry["frequency"] for entry in delivery.sources}


def test_a_short_week_at_the_years_end_leaves_a_weekly_series_weekly_and_its_missing_weeks_are_named() -> None:
    found = deliver("tidy", tidy(*WEEKS))
    assert frequency_of(found) == {"weekly"}
    assert "2 missing: 2026-01-25, 2026-02-01." in found.notes[0]


@pytest.mark.parametrize("shifted", [0, 7, 19])
@pytest.mark.parametrize("by", [-1, 1])
def test_one_week_shifted_by_a_holiday_makes_no_daily_series_and_no_gap(shifted: int, by: int) -> None:
    days = [dt.date(2025, 1, 2) + dt.timedelta(days=7 * n + (by if n == shifted else 0)) for n in range(20)]
    found = deliver("tidy", tidy(*map(str, days)))
    assert frequency_of(found) == {"weekly"}
    assert "missing" not in found.notes[0]


@pytest.mark.parametrize("head", ["Week of", "Week", "Date"])
def test_a_weekly_eia_file_with_a_shifted_week_does_not_take_the_place_of_the_daily_series(head: str) -> None:
    days = ["11/28/2025", "12/05/2025", "12/12/2025", "12/19/2025", "12/24/2025", "01/02/2026"]
    text = f"{head},Europe Brent Spot Price FOB  Dollars per Barrel\n" + "".join(f"{day},70\n" for day in days)
    (entry,) = deliver("eia", text).sources
    assert (entry["series"], entry["frequency"]) == ("BRENT_WEEKLY", "weekly")


def test_a_monthly_eia_file_stays_monthly_however_few_of_its_months_are_taken_in() -> None:
    for earliest in (dt.date(2024, 3, 1), dt.date(2024, 2, 1)):
        found = deliver("eia", earliest=earliest)
        assert list(values_of(found, "BRENT_MONTHLY"))[-1] == "2024-03-31"
        assert frequency_of(found) == {"monthly"}


MANY_BLANKS = "2026-01-01,9\n2026-02-01,.\n2026-03-01,.\n2026-04-01,10\n2026-05-01,.\n2026-06-01,.\n2026-07-01,11\n"
DOLLAR = {"title": "Broad dollar", "unit": "index", "publisher": "Federal Reserve", "licence": "public domain"}


@pytest.mark.parametrize(("column", "series"), [("PNGASEUUSDM", "EU_GAS_PNGASEUUSDM"), ("DTWEXBGS", "FRED_DTWEXBGS")])
def test_a_monthly_file_with_two_blanks_of_three_is_monthly_and_names_them(column: str, series: str) -> None:
    found = deliver("fred", f"observation_date,{column}\n{MANY_BLANKS}", **DOLLAR)
    assert values_of(found, series) == {"2026-01-31": "9", "2026-04-30": "10", "2026-07-31": "11"}
    assert "4 blank in the file: 2026-02-01, 2026-03-01, 2026-05-01, 2026-06-01." in found.notes[0]


def test_a_month_alone_of_a_series_that_is_known_to_be_monthly_ends_with_the_month() -> None:
    found = deliver("fred", "observation_date,PNGASEUUSDM\n2026-10-01,9\n")
    assert values_of(found, "EU_GAS_PNGASEUUSDM") == {"2026-10-31": "9"}


def test_a_monthly_series_in_a_file_of_daily_rows_is_monthly() -> None:
    days = [dt.date(2026, 1, 1) + dt.timedelta(days=n) for n in range(95)]
    rows = "".join(f"{day},1,{9 if day.day == 1 else '.'}\n" for day in days)
    found = deliver("fred", f"observation_date,DGS10,CPIAUCSL\n{rows}", **DOLLAR)
    assert {entry["series"]: entry["frequency"] for entry in found.sources} == {
        "FRED_DGS10": "daily",
        "FRED_CPIAUCSL": "monthly",
    }
    assert list(values_of(found, "FRED_CPIAUCSL"))[:2] == ["2026-01-31", "2026-02-28"]


def test_a_quarterly_series_in_a_file_of_monthly_rows_is_not_dated_by_guess() -> None:
    rows = "".join(f"2026-{month:02}-01,1,{9 if month % 3 == 1 else '.'}\n" for month in range(1, 11))
    found = deliver("fred", f"observation_date,UNRATE,GDP\n{rows}", **DOLLAR)
    assert [(column, code) for _, column, _, code in addresses(found)] == [("GDP", "layout")]
    assert "download this series by itself" in found.problems[0].message


def test_a_known_monthly_series_in_quarters_is_refused() -> None:
    found = deliver("fred", "observation_date,PNGASEUUSDM\n2025-01-01,9\n2025-04-01,9\n2025-07-01,9\n")
    assert [(column, code) for _, column, _, code in addresses(found)] == [("PNGASEUUSDM", "layout")]


@pytest.mark.parametrize(
    ("days", "frequency"),
    [
        (["2024-06-30", "2025-06-30", "2026-06-30"], "yearly"),
        (["2023-09-30", "2024-09-30", "2025-09-30"], "yearly"),
        (["2023-02-28", "2024-02-29", "2025-02-28"], "yearly"),
        (["2025-07-31", "2025-10-31", "2026-01-31"], "quarterly"),
        (["2025-05-31", "2025-08-31", "2025-11-30"], "quarterly"),
        (["2025-06-30", "2025-09-30", "2025-12-31"], "quarterly"),
    ],
)
def test_a_fiscal_period_stays_on_its_last_day(days: list[str], frequency: str) -> None:
    found = deliver("tidy", tidy(*days))
    assert frequency_of(found) == {frequency}
    assert list(values_of(found, "FLOW")) == days
    assert "missing" not in found.notes[0]


def test_a_missing_fiscal_quarter_is_named_by_its_own_end() -> None:
    days = ["2024-10-31", "2025-01-31", "2025-04-30", "2025-10-31", "2026-01-31"]
    assert "1 missing: 2025-07-31." in deliver("tidy", tidy(*days)).notes[0]


@pytest.mark.parametrize(
    ("days", "ends"),
    [
        (["2025-01-01", "2025-04-01", "2025-07-01"], ["2025-03-31", "2025-06-30", "2025-09-30"]),
        (["2023-01-01", "2024-01-01", "2025-01-01"], ["2023-12-31", "2024-12-31", "2025-12-31"]),
        (["2025-01-15", "2025-02-15", "2025-03-15"], ["2025-01-31", "2025-02-28", "2025-03-31"]),
    ],
)
def test_a_first_day_of_the_calendars_period_names_it_and_so_does_any_day_of_a_month(
    days: list[str], ends: list[str]
) -> None:
    assert list(values_of(deliver("tidy", tidy(*days)), "FLOW")) == ends


@pytest.mark.parametrize(
    "days",
    [
        ["2025-02-01", "2025-05-01", "2025-08-01"],
        ["2025-02-14", "2025-05-14", "2025-08-14"],
        ["2023-07-01", "2024-07-01", "2025-07-01"],
        ["2023-06-15", "2024-06-15", "2025-06-15"],
    ],
)
def test_a_day_that_does_not_tell_which_quarter_or_year_it_stands_for_is_refused(days: list[str]) -> None:
    found = deliver("tidy", tidy(*days))
    assert [(line, column, value, code) for line, column, value, code in addresses(found)] == [
        (line, "value", day, "layout") for line, day in enumerate(days, 2)
    ]


YEARS = "Source: EIA\nYear,Europe Brent Spot Price FOB  Dollars per Barrel\n2025,69.5\n2024,80.25\n2023,82\n"


def test_an_annual_eia_file_is_read_to_the_ends_of_its_years() -> None:
    expected = {"2023-12-31": "82", "2024-12-31": "80.25", "2025-12-31": "69.5"}
    assert values_of(deliver("eia", YEARS), "BRENT_YEARLY") == expected


@pytest.mark.parametrize(
    ("year", "code"), [("20225", "date-format"), ("'24", "date-format"), ("0000", "date-impossible")]
)
def test_a_year_that_is_none_is_named_once_and_nothing_else_is_said_of_it(year: str, code: str) -> None:
    assert addresses(deliver("eia", YEARS.replace("2024", year))) == [(4, "Year", year, code)]


def test_a_file_without_any_readable_date_is_not_said_to_be_old() -> None:
    found = deliver("eia", YEARS.replace("Year", "Month"))
    assert {(column, code) for _, column, _, code in addresses(found)} == {("Month", "date-format")}


# The delimiter is told by the names of columns

ENTITIES = (
    "Europe Brent Spot Price FOB\nhttps://www.eia.gov/x\n09:15:00 GMT+0100 (&#20013;&#27431;&#26631;&#20934;)\n"
    "Data Source: LSEG\nDay,Europe Brent Spot Price FOB  Dollars per Barrel\n11/20/2026,71.5\n11/9/2026,69\n"
)


def test_semicolons_in_a_line_above_the_header_are_text() -> None:
    found = deliver("eia", ENTITIES)
    assert values_of(found, "BRENT_DAILY") == {"2026-11-09": "69", "2026-11-20": "71.5"}
    assert not any("separated" in note for note in found.notes)


@pytest.mark.parametrize(
    ("layout", "text"),
    [
        ("tidy", TIDY.replace("million cubic metres per week", "index; base 2015; adjusted; weekly")),
        ("fred", "Prices; monthly; not adjusted; IMF\n" + FRED),
        ("gpr", GPR.replace("Recent GPR", "Recent; GPR; of; ten; papers; and; more; of; them; all; told")),
    ],
)
def test_semicolons_in_a_unit_a_title_or_a_note_are_text(layout: str, text: str) -> None:
    assert deliver(layout, text).problems == ()
    assert len(deliver(layout, text).rows) == len(deliver(layout).rows)


@pytest.mark.parametrize("mark", [";", "\t"])
@pytest.mark.parametrize("layout", ["gpr", "ai-gpr", "pairs", "fred", "kiel-us", "kiel-all", "tidy"])
def test_semicolons_and_tabs_between_the_names_are_taken_as_such(layout: str, mark: str) -> None:
    found = deliver(layout, LAYOUTS[layout][1].replace(",", mark))
    assert found.rows == deliver(layout).rows
    assert any("separated by" in note for note in found.notes)


def test_a_german_spreadsheets_file_is_told_of_its_decimal_comma() -> None:
    found = deliver("fred", "observation_date;PNGASEUUSDM\n2026-01-01;9,5\n2026-02-01;9\n")
    assert addresses(found) == [(2, "PNGASEUUSDM", "9,5", "number-format")]
    assert "decimal comma" in found.problems[0].message


def test_a_web_page_is_said_to_be_one() -> None:
    for start in ("<!DOCTYPE html>", "\n<html lang='en'>"):
        for kind in ("gpr", "tidy", "kiel-us"):
            (problem,) = deliver(kind, start + "<p>Sign in, please</p>").problems
            assert "web page" in problem.message


# Columns that occur twice, and files without end


@pytest.mark.parametrize(
    ("layout", "old", "new", "column"),
    [
        ("gpr", "GPRT,", "GPR,", "GPR"),
        ("gpr", "GPRH,", "month,", "month"),
        ("pairs", "USA|Iraq", "USA|Russia", "USA|Russia"),
        ("fred", "observation_date,PNGASEUUSDM\n", "observation_date,PNGASEUUSDM,PNGASEUUSDM\n", "PNGASEUUSDM"),
        ("kiel-us", '"financial"', '"military"', "military"),
        ("tidy", "value,unit\n", "value,unit,value\n", "value"),
    ],
)
def test_a_column_that_occurs_twice_is_named_in_the_file_that_was_handed_in(
    layout: str, old: str, new: str, column: str
) -> None:
    found = deliver(layout, LAYOUTS[layout][1].replace(old, new, 1))
    assert (1, column, column, "column-duplicate") in addresses(found)
    assert {p.file for p in found.problems} == {"file.csv"}
    assert found.rows == ()


def test_a_column_twice_that_nobody_asked_for_is_left_out_as_ever() -> None:
    assert deliver("gpr", GPR.replace("var_name,var_label", "note,note")).problems == ()


@pytest.mark.parametrize(
    "content",
    [
        b"\n" * 300_000,
        b"date," + b"x," * 200_000,
        b"date,series,value,unit\n" + b"," * 2_000_000,
        b"date,series,value,unit\n" + (b"," * 4_999 + b"\n") * 700,
        b"date,series,value,unit\n" + b"x" * 200_000,
    ],
    ids=["lines", "columns", "delimiters", "cells", "one cell"],
)
def test_a_file_beyond_any_publishers_is_refused_with_one_problem(content: bytes) -> None:
    for kind in KINDS:
        (problem,) = read_delivery(kind, content, Order("file.csv", TODAY)).problems
        assert problem.code == "length"


def test_a_bilateral_file_of_all_pairs_is_read() -> None:
    names = [f"C{n}|D{n}" for n in range(2_000)]
    rows = "".join(f"2026-0{month}-01,1,2,3,{','.join(['0.0'] * 2_000)}\n" for month in (8, 9))
    text = f"Date,USA|Russia,Russia|USA,Russia|Ukraine,{','.join(names)}\n{rows}"
    assert len(deliver("pairs", text).sources) == 4
