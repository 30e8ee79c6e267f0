"""The beats and who calls them. The only room that knows APScheduler."""
