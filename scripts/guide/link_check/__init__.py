"""Whether the addresses of the sources still answer. Run by a person, never by a build or a test.

One request at a time, a pause before the same host is asked again, HEAD before GET, robots.txt
obeyed, and a name by which a host can tell us to stop. Every answer is stored at once, so that a
run that was stopped goes on where it was. The report is for people: a blocked robot says nothing
about whether a page is there.
"""
