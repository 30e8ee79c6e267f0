"""The programme's twelve through the whole wait: made-up people, simulated phones, a fast clock, and the real flows."""
