"""
Writes the schema of each event of the openedx-events that is imported, or why it has none: `schemas.py`.

With `PYTHONPATH` at a wheel it is that version: Python imports from the file.
"""

import json
import sys

from lines import definitions

json.dump(definitions(), sys.stdout)
