"""The Streamlit app: the only wing, with ``app.py``, that imports Streamlit."""
