"""What Medvind says: one TOML file a language, one catalogue that writes from it."""

from medvind.texts.catalogue import Catalogue, Rendered

__all__ = ["Catalogue", "Rendered"]
