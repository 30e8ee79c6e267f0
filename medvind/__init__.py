"""Medvind keeps people going while they wait, and tells their coach in time who needs a call."""
