"""What Medvind says: one TOML file a language, a municipality's own words over it, one catalogue that writes from both."""

from medvind.texts.catalogue import Catalogue, Own, Rendered, shipped, shipped_version, untranslated, variants
from medvind.texts.checking import Checked, check, is_shipped, values_for
from medvind.texts.lengths import longest_units, longest_values

__all__ = [
    "Catalogue",
    "Checked",
    "Own",
    "Rendered",
    "check",
    "is_shipped",
    "longest_units",
    "longest_values",
    "shipped",
    "shipped_version",
    "untranslated",
    "values_for",
    "variants",
]
