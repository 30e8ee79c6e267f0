"""Text messages, in and out. The only room that knows Twilio."""
