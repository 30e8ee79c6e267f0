"""One file for each thing that happens. Whoever opened the transaction ends it: a flow given a session never commits."""
