"""Small made-up files in the layouts of the publishers, and what is asked with them."""

import datetime as dt
from typing import Any

from indicators.records.imports.formats import read_delivery
from indicators.records.imports.series import Delivery, Order

TODAY = dt.date(2026, 11, 25)

GPR = """\
month,GPR,GPRT,GPRA,GPRH,GPRC_RUS,GPRC_USA,GPRC_UKR,var_name,var_label
2018-12-01,80,81,82,83,0.1,0.2,0.3,,
2024-01-01,100.5,110,90,95,1.25,3,0.5,GPR,Recent GPR
2024-02-01,120.0,130,100,99,1.5,3.5,0.75,GPRT,Threats
2024-04-01,90,80,70,60,0.5,2,,,
"""
AI_GPR = """\
Date,GPR_AI,GPR_AER,GPR_OIL,THREATS_GPR_AI,ACTS_GPR_AI,GPR_OIL_Russia
2024-01-01,101.25,83.01,22.59,120,80.5,2.21
2024-02-01,102,115.2,48.7,121,81,0.0
"""
PAIRS = """\
Date,GPR_AI,USA|Iraq,USA|Russia,Russia|Ukraine,Russia|USA
2026-08-01,101.25,0.0,1.1,4.5,2.2
2026-09-01,102,1.0,0.0,3.25,0.3
"""
FRED = """\
observation_date,PNGASEUUSDM
2024-01-01,9.5
2024-02-01,.
2024-03-01,8.25
"""
EIA = """\
Europe Brent Spot Price FOB
https://www.eia.gov/dnav/pet/hist/LeafHandler.ashx?n=PET&s=RBRTE&f=M
12:47:20 GMT+0000 (Coordinated Universal Time)
Source: U.S. Energy Information Administration

Month,Europe Brent Spot Price FOB  Dollars per Barrel
Mar 2024,85.41
Feb 2024,83.48
Jan 2024,80.12
"""
KIEL_US = """\
"country","iso","year","month","total","financial","humanitarian","military","commitments","gdp","pct_gdp"
"Canada","CAN",2024,2,0.5,0,0,0.5,0.5,1681,0.01
"Canada","CAN",2024,3,0.25,0,0,0.25,0.5,1681,0.01
"United States","USA",2024,1,1.5,1,0,0.5,2,20000,0.01
"United States","USA",2024,3,2.25,1,0,1.25,2,20000,0.01
"""
KIEL_ALL = """\
"year","month","total_allocations","military","financial","humanitarian"
2024,1,2.403054,1.843785,0.43599,0.123279
2024,2,3.524796,2.923001,0.001703,0.600092
"""
TIDY = """\
date,series,value,unit
2024-01-07,GAS_FLOW,700,million cubic metres per week
2024-01-14,GAS_FLOW,650.5,million cubic metres per week
2024-01-28,GAS_FLOW,600,million cubic metres per week
"""
TIDY_FACTS = {
    "title": "Pipeline gas to the EU",
    "publisher": "Example Institute",
    "licence": "free with citation",
    "url": "https://example.org/gas",
}

LAYOUTS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "gpr": ("gpr", GPR, {}),
    "ai-gpr": ("ai-gpr", AI_GPR, {}),
    "pairs": ("ai-gpr", PAIRS, {"vintage": "2026-10"}),
    "fred": ("fred", FRED, {}),
    "eia": ("eia", EIA, {}),
    "kiel-us": ("kiel", KIEL_US, {}),
    "kiel-all": ("kiel", KIEL_ALL, {}),
    "tidy": ("tidy", TIDY, TIDY_FACTS),
}
"""Every layout by name: its kind, a file of it, what is said with it."""


def deliver(layout: str, text: str | bytes | None = None, name: str = "file.csv", **changes: Any) -> Delivery:
    """What a file of a layout delivers, or another text in its place."""
    kind, content, facts = LAYOUTS[layout]
    raw = content if text is None else text
    order = Order(**{"name": name, "today": TODAY, **facts, **changes})
    return read_delivery(kind, raw if isinstance(raw, bytes) else raw.encode(), order)


def values_of(delivery: Delivery, series: str) -> dict[str, str]:
    """The values of a series by date."""
    return {row["date"]: row["value"] for row in delivery.rows if row["series"] == series}


def addresses(delivery: Delivery) -> list[tuple[int, str, str, str]]:
    """Line, column, value and code of each problem."""
    return [(p.line, p.column, p.value, p.code) for p in sorted(delivery.problems)]
