"""Under what a session stands that may record: on the analyst's own machine, without sign-in."""

from indicators.dashboard.access import Circumstances

LOCAL = Circumstances(
    sign_in=False,
    signed_in=False,
    email="",
    email_verified=False,
    editors={},
    members=(),
    members_only=False,
    address="localhost",
    headers={"Host": "localhost:8501"},
    key_held=True,
    local_coder="c1",
)
