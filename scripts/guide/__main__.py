"""`python -m guide VERB`."""

import sys

from guide.commands.main import main

sys.exit(main())
