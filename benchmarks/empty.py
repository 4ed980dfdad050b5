"""The empty Streamlit script that the app's pages are measured against."""
