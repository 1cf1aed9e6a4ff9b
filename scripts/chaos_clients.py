"""People at work while things break: each signs in and writes through the pages, and remembers what was answered.

Only what the portal acknowledged (an answer 2xx or 3xx came back) is remembered; an error or a lost connection
promises nothing, and the person goes on with the next thing.
"""

import csv
import hashlib
import io
import re
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import PurePosixPath
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import requests

HEADINGS = ["Datum ontvangst", "Rolnr.", "Vredegerecht", "Verzoeker", "Verweerder(s)", "Zitting"]
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
ANSWER_SECONDS = 20  # a portal that is being started again answers nobody for so long on a busy machine
PAUSE_SECONDS = 0.2  # after a refusal or a lost connection, before somebody tries the next thing
WAITING = 2  # imports of a person that are still to be read or confirmed: one does not choose file after file
LETTERS = "abcdefghijklmnop"
UNDO = "/ongedaan"  # only an import that is done offers this


def today() -> date:
    return datetime.now(ZoneInfo("Europe/Brussels")).date()


@dataclass(frozen=True)
class Written:
    """What was acknowledged: for a tenant, of a kind, recognised by `mark`.

    mark: the id of a case or an import, the text of a note or an attempt, the SHA-256 of a file.
    rows: of an upload, how many petitions its file holds.
    """

    kind: str
    tenant: uuid.UUID
    mark: str
    rows: int = 0


@dataclass
class Ledger:
    """What all people together remember. Appending is atomic, so that threads share it without a lock."""

    written: list[Written] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)  # for the report only


class NotAnsweredError(Exception):
    """No acknowledgement came: refused (then with the page that says why), or an error."""

    def __init__(self, answer: str, page: str = "") -> None:
        super().__init__(answer)
        self.page = page


class Person:
    """One signed-in person with the cases and imports they know of."""

    def __init__(self, base: str, username: str, password: str, tenant: uuid.UUID, ledger: Ledger, random: Random):
        self.base, self.username, self.password = base, username, password
        self.tenant, self.ledger, self.random = tenant, ledger, random
        self.browser = requests.Session()
        self.browser.trust_env = False  # no proxy stands between this machine and itself
        self.token = ""
        self.cases: list[str] = []
        self.imports: list[str] = []
        self.short_name = username.rsplit(".", 1)[-1]

    def work(self, until: threading.Event) -> None:
        """Do one thing after the other until told to stop."""
        while not until.is_set():
            try:
                if not self.token:
                    self.sign_in()
                self.random.choice(self._possible())()
                self.ledger.answers["acknowledged"] += 1
            except (NotAnsweredError, requests.RequestException) as error:
                self.ledger.answers[str(error) if isinstance(error, NotAnsweredError) else "no answer"] += 1
                until.wait(PAUSE_SECONDS)

    def _possible(self) -> list[Callable[[], None]]:
        """What can be done now, each as often as it is done."""
        found = [self.open_case] * 4
        if len(self.imports) < WAITING:
            found += [self.upload] * 2
        if self.cases:
            found += [self.note] * 4 + [self.attempt] * 3 + [self.attach] * 2
        if self.imports:
            found += [self.confirm] * 2
        return found

    # ------------------------------------------------------------ what people do

    def open_case(self) -> None:
        form = {
            "persons": "1", "person0-last_name": f"Proef {self._word()}", "person0-first_name": "An",
            "person0-role": "reference", "composition": "single", "street": "Zandstraat", "house_number": "5",
            "postcode": "8400", "municipality": "Oostende", "rent": "650", "landlord_name": "Immo Proef",
            "landlord_kind": "private_company", "source": "internal_referral", "reason": "rent_arrears",
            "market": "private", "opened_on": today().isoformat(), "body": "Kwam naar het loket",
        }  # fmt: skip
        case_id = PurePosixPath(self.send("/dossiers/nieuw/", form)).name
        self._remember("case", case_id)
        self.cases.append(case_id)

    def note(self) -> None:
        body = f"Notitie {self._word()}"
        self.send(f"/dossiers/{self._case()}/noteren", {"body": body})
        self._remember("note", body)

    def attempt(self) -> None:
        text = f"Poging {self._word()}"
        form = {"channel": "phone", "result": self.random.choice(["reached", "no_answer"]), "note": text}
        self.send(f"/pogingen/dossier/{self._case()}/nieuw", {**form, "day": today().isoformat()})
        self._remember("attempt", text)

    def attach(self) -> None:
        content = b"%PDF-1.7\n" + self.random.randbytes(self.random.choice([2_000, 200_000]))
        file = (f"{self._word()}.pdf", content, "application/pdf")
        self.send(f"/dossiers/{self._case()}/bijlagen/nieuw", {"kind": "other"}, file)
        self._remember("attachment", hashlib.sha256(content).hexdigest())

    def upload(self) -> None:
        rows = self.random.choice([10, 20, 20, 20, 520])  # more than 500 are imported in the background
        address = self.send("/verzoekschriften/inlezen/", {}, (f"{self._word()}.csv", self._register(rows), "text/csv"))
        batch_id = PurePosixPath(address).name
        self._remember("upload", batch_id, rows)
        self.imports.append(batch_id)

    def confirm(self) -> None:
        """Confirm the oldest import that waits for it; the worker may still be reading it."""
        batch_id = self.imports.pop(0)
        try:
            self.send(f"/verzoekschriften/inlezen/{batch_id}/bevestigen", {})
        except (NotAnsweredError, requests.RequestException) as error:
            # Refused where it stands as imported already: an earlier answer was lost on the way.
            if not isinstance(error, NotAnsweredError) or UNDO not in error.page:
                self.imports.append(batch_id)
            raise
        self._remember("confirm", batch_id)

    # ------------------------------------------------------------ how a browser does it

    def sign_in(self) -> None:
        self.browser.cookies.clear()
        self.token = self._token_of(self.get("/login/"))
        answer = self._post("/login/", {"username": self.username, "password": self.password})
        if answer.status_code != 302:
            self.token = ""
            raise NotAnsweredError(f"not signed in ({answer.status_code})")
        self.token = self._token_of(self.get("/vandaag/"))

    def send(self, path: str, form: dict[str, Any], file: tuple[str, bytes, str] | None = None) -> str:
        """Send a form; the address that the portal then leads to. Raises NotAnsweredError."""
        answer = self._post(path, form, file)
        target = answer.headers.get("Location", "")
        if answer.status_code == 400 or "/login/" in target:
            self.token = ""  # the session is gone, or never came to be
            raise NotAnsweredError("signed out")
        if not answer.ok:
            raise NotAnsweredError(f"refused ({answer.status_code})", answer.text)
        return target

    def get(self, path: str) -> requests.Response:
        answer = self.browser.get(self.base + path, timeout=ANSWER_SECONDS, allow_redirects=False)
        if not answer.ok:
            raise NotAnsweredError(f"refused ({answer.status_code})")
        return answer

    def _post(self, path: str, form: dict[str, Any], file: tuple[str, bytes, str] | None = None) -> requests.Response:
        return self.browser.post(
            self.base + path,
            data={**form, "csrf_token": self.token},
            files={"file": file} if file else None,
            timeout=ANSWER_SECONDS,
            allow_redirects=False,
        )

    def _token_of(self, page: requests.Response) -> str:
        found = TOKEN.search(page.text)
        if found is None:
            raise NotAnsweredError("a page without a form")
        return found[1]

    # ------------------------------------------------------------ what they write

    def _remember(self, kind: str, mark: str, rows: int = 0) -> None:
        self.ledger.written.append(Written(kind, self.tenant, mark, rows))

    def _case(self) -> str:
        return self.random.choice(self.cases[-20:])

    def _word(self) -> str:
        """A word that nobody writes twice: the person's own, and the moment in letters, as names hold no digits."""
        return self.short_name + "".join(LETTERS[int(digit, 16)] for digit in f"{time.time_ns() // 1000:x}")

    def _register(self, rows: int) -> bytes:
        """A register as an OCMW keeps it; its roll numbers come once."""
        out = io.StringIO(newline="")
        day = today()
        first = time.time_ns() // 1000 % 10**9
        writer = csv.writer(out, delimiter=";")
        writer.writerow(HEADINGS)
        for place in range(rows):
            number = first + place
            person = "".join(LETTERS[int(digit)] for digit in str(number)).title()
            writer.writerow(
                [f"{day:%d/%m/%Y}", f"{day:%y}A{number}", f"Kanton {self.short_name}", "Immo Proef",
                 f"{person}, An", f"{day + timedelta(days=20):%d/%m/%Y}"]
            )  # fmt: skip
        return out.getvalue().encode()
