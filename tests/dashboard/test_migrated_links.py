"""Links of older days open what they meant."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest


def trial_page() -> None:
    """A page with the controls of a period and a weight, as the app draws them."""
    import streamlit as st

    from indicators.dashboard.links import migrate_address

    migrate_address()
    start = st.date_input("From", None, key="from", bind="query-params")
    weight = st.number_input("Weight", 0.0, 10.0, 1.0, key="w_cyber", bind="query-params")
    st.write(f"{start} {weight:g}")


def open_trial(**parameters: str) -> AppTest:
    """The page opened by a link."""
    app = AppTest.from_function(trial_page)
    for name, value in parameters.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


def shown(app: AppTest) -> Any:
    """What the controls stand on."""
    return app.markdown[0].value


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"from": "2024-02-01"}, "2024-02-01 1"),
        ({"start": "2024-02-01"}, "2024-02-01 1"),
        ({"start": "2024-02-01", "w-cyber": "2.5"}, "2024-02-01 2.5"),
        ({}, "None 1"),
    ],
)
def test_older_names_set_the_controls_of_today(parameters: dict[str, str], expected: str) -> None:
    assert shown(open_trial(**parameters)) == expected


def test_the_address_then_has_today_s_names() -> None:
    assert set(open_trial(start="2024-02-01", theme="dark").query_params) == {"from", "theme"}
