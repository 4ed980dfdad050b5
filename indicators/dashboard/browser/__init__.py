"""What the app asks of the browser beyond Streamlit."""
