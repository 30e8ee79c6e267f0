"""What Medvind knows without asking anybody: pure functions of facts, no clock, no database."""
