"""What Medvind says: one TOML file a language, one catalogue that writes from it."""

from medvind.texts.catalogue import Catalogue, Rendered
from medvind.texts.lengths import longest_units, longest_values

__all__ = ["Catalogue", "Rendered", "longest_units", "longest_values"]
