"""Whether the addresses of the sources still answer, and whether their texts changed.

Run by a person, never by a build or a test. One request at a time, a pause before the same host is
asked again, robots.txt obeyed, and a name by which a host can tell us to stop. An address alone is
asked with HEAD before GET; a text is read with one GET, and only if it changed where the host can
say so. Every answer is stored at once, so that a run that was stopped goes on where it was. The
report is for people: a blocked robot says nothing about whether a page is there, and a login page
nothing about the text behind it.
"""
