"""What an element of a page says about itself to this project, and to nobody else.

`data-reading`: `skip` (no prose), `frame` (on every page of the topic), `index` (a list of ways to
pages), `facts` (a list of facts with their sources), `value` (a value called by a wording).
`data-explain="no"`: hard words in it get no button. `data-search`: `skip` (not what the section
says), `lead` (begins the entry in a list of results).
"""

from __future__ import annotations

import re

# A value's element that says nothing else: the record is named around it.
_VALUE = re.compile(r'<span data-reading="value">([^<]*)</span>')
_MARK = re.compile(
    r' data-(?:reading="(?:skip|frame|index|facts|value)"|explain="no"|search="(?:skip|lead)")'
)


def without_marks(markdown: str) -> str:
    """The page as readers get it: what the marks are for is done by then."""
    return _MARK.sub("", _VALUE.sub(r"\1", markdown))
