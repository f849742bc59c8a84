"""The QR codes of the handouts."""

from __future__ import annotations

import io

from guide.content.library import Library
from guide.content.printed_versions import address_of, handouts
from guide.view.handout_parts import qr_path
from guide.view.versions import current


def qr_codes(library: Library, address: str) -> dict[str, bytes]:
    """The picture of every handout's address, by path; none without a public address, for half an
    address leads nowhere.
    """
    if not address:
        return {}
    import segno

    pictures = {}
    for topic, track in handouts(library):
        code = current(library, topic, track).code
        picture = io.BytesIO()
        segno.make(address_of(address, topic, code), error="m", micro=False).save(
            picture,
            kind="svg",
            xmldecl=False,
            border=4,
            scale=8,
            dark="#000",
            light="#fff",
            omitsize=True,
        )
        pictures[qr_path(code)] = picture.getvalue()
    return pictures
