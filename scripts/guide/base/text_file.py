"""The bytes of a file as text, which is UTF-8 here; any other encoding is called by its name."""

from __future__ import annotations

import codecs
import re

from guide.base.normalise import find_hidden

# Files of other kinds that are renamed to a text file's name, by their first bytes.
_KINDS = (
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"%PDF-", "a PDF"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"SQLite format 3\0", "a database"),
)
# UTF-32 first: its mark begins as that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)
# Plain text in UTF-16 without its mark: every other byte is empty.
_UTF_16 = re.compile(rb"(?:[\t\n\r -~]\0){4}|(?:\0[\t\n\r -~]){4}")
# What Windows-1252 has and Latin-1 has not: curly quotes, dashes, the euro.
_WINDOWS = range(0x80, 0xA0)
# Never part of a text: controls, the mark of byte order, and what some programs take for the end
# of a line and others do not.
NEVER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
MARK_OF_BYTE_ORDER = (
    "the file begins with a byte order mark (U+FEFF), which nobody sees: save it as 'UTF-8' without"
    " 'BOM' or 'signature'"
)


class NotText(Exception):
    """Bytes that are no text: the line, counted from 1 (0: the file as a whole), and what to do."""

    def __init__(self, line: int, message: str):
        super().__init__(message)
        self.line, self.message = line, message


def text_of(data: bytes) -> str:
    """The text of a file's bytes, its lines ended by a plain line feed. Raises NotText for another
    encoding, and for what is no text.
    """
    kind = next((kind for begin, kind in _KINDS if data.startswith(begin)), "")
    if kind:
        raise NotText(0, f"the file is {kind}, not text: put the text itself here")
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "")
    if encoding or _UTF_16.match(data):
        raise NotText(0, f"the file is {encoding or 'UTF-16'}: save it as UTF-8")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise NotText(data.count(b"\n", 0, error.start) + 1, _not_utf8(data, error)) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _not_utf8(data: bytes, error: UnicodeDecodeError) -> str:
    found = data[error.start]
    if found == 0xED and error.start + 1 < len(data) and data[error.start + 1] >= 0xA0:
        return "half of a letter (a surrogate) stands in this line: type the letter anew"
    # Behind the beginning of a letter of UTF-8 the rest is missing: the file is damaged.
    if error.reason == "unexpected end of data":
        return "the file ends inside a letter, as if it were cut: save it again as UTF-8"
    encoding = "Windows-1252" if any(byte in _WINDOWS for byte in data) else "Latin-1"
    letter = bytes([found]).decode("cp1252", "replace")
    return (
        f"byte {error.start} ({found:02X}) is not UTF-8, but would be '{letter}' in {encoding}:"
        " save the file as UTF-8"
    )


def unseen(text: str) -> list[tuple[int, str]]:
    """The characters that no text file may hold, each with its line, counted from 1."""
    if text.startswith("\ufeff"):
        return [(1, MARK_OF_BYTE_ORDER)]
    if not NEVER.search(text):
        return []
    return [
        (number, invisible(found[0]))
        for number, line in enumerate(text.split("\n"), 1)
        if (found := NEVER.search(line))
    ]


def invisible(letter: str) -> str:
    """What is wrong with a character that nobody sees."""
    return f"the text holds the invisible character U+{ord(letter):04X}: delete it"


def printable(text: str) -> str:
    """A text or a file's name as a message quotes it: what a terminal does not show, or what turns
    the direction of the message, is written in digits.
    """
    return "".join(
        letter
        if letter.isprintable() and not find_hidden(letter)
        else letter.encode("unicode_escape").decode()
        for letter in text
    )
