"""The words of a PDF, page by page, read in a process of its own.

Who makes a file that reads for ever, or fills the memory, ends that process and nothing else: it has a limit of time,
of memory and of what it may write, none of our settings, and no connection to the database. Run as a script it reads
the file from its standard input and knows nothing of the portal.
"""

import io
import json
import subprocess
import sys

# How a file came out: its words are there, it has none (a scan), a password keeps them, it can't be read.
FOUND, NOTHING, LOCKED, DAMAGED = "found", "nothing", "locked", "damaged"
MOST_PAGES = 300  # a thick report; what comes after is not found by the search
LONGEST_PAGE, LONGEST_TEXT = 20_000, 600_000  # characters
MOST_SECONDS, MOST_MEMORY = 20, 1024**3


def words_of(content: bytes) -> tuple[str, list[str]]:
    """(how it came out, the text of each page) of a PDF, whatever it holds; never raises for what stands in it."""
    try:
        done = subprocess.run(  # -I: nothing of our folders or settings
            [sys.executable, "-I", __file__],
            input=content,
            capture_output=True,
            timeout=MOST_SECONDS + 10,
            env={},
            check=True,
        )
        outcome, pages = json.loads(done.stdout)
        return str(outcome), [str(page) for page in pages]
    except (subprocess.SubprocessError, ValueError):
        return DAMAGED, []


def _read(content: bytes) -> tuple[str, list[str]]:
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(content), strict=False)
    if reader.is_encrypted and not reader.decrypt(""):  # many are locked against changes only, and open without
        return LOCKED, []
    pages: list[str] = []
    left = LONGEST_TEXT
    for number, page in enumerate(reader.pages):
        if number == MOST_PAGES or left <= 0:
            break
        pages.append(page.extract_text()[: min(LONGEST_PAGE, left)])
        left -= len(pages[-1])
    # A scan has at most a stamp or a number on its pages.
    return (FOUND if sum(len("".join(page.split())) for page in pages) >= 20 else NOTHING), pages


def _limit() -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def _main() -> None:
    _limit()
    try:
        told = _read(sys.stdin.buffer.read())
    except (Exception, RecursionError, MemoryError):  # whatever a broken file makes the reader stumble over
        told = (DAMAGED, [])
    # Half a sign (a lone surrogate) has no UTF-8; escaped it comes over, and the portal's tidying drops it.
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    _main()
