"""The scripts inside Streamlit's own page, named by their hashes so that a browser runs these and no others."""

import base64
import hashlib
import re
from pathlib import Path

import streamlit as st

_INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)


def hash_inline_scripts() -> list[str]:
    """Return the hashes of the inline scripts of the installed Streamlit's page, as a content security policy has them."""
    page = Path(st.__file__).parent / "static" / "index.html"
    scripts = _INLINE.findall(page.read_text(encoding="utf-8"))
    return [f"sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}" for script in scripts]
