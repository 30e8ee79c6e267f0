"""Telegram, in and out. The only room that knows aiogram."""
