"""`python -m medvind` is `medvind`."""

from medvind.commands import main

main()
