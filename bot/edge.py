"""What the rest of the house may ask of this room. Imported late, and only where a token is set: aiogram costs seconds."""

from bot.menu import show_menu
from bot.polling import poll
from bot.telegram import Telegram
from bot.turns import in_turn
from bot.webhook import register, router

__all__ = ["Telegram", "in_turn", "poll", "register", "router", "show_menu"]
