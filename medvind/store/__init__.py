"""What Medvind remembers, on SQLite and PostgreSQL alike. The only room that speaks SQL; values leave it, rows never."""
