"""What may come: fan, levers, questions and forecasts."""
