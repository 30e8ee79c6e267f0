"""The schema, step by step. Each step keeps its meaning when the code has moved on."""
