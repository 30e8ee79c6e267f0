"""JSON for coaches, and the application that carries the webhooks."""
