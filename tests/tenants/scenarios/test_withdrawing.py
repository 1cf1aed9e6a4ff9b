"""A scenario that is withdrawn: no case starts it any more, those that follow it go on and read why."""

from datetime import datetime

import pytest

from app.security.roles import Role
from playbook.scenarios import service as shared
from tenants.scenarios import service
from tenants.scenarios.service import GoneError

pytestmark = pytest.mark.usefixtures("on_tuesday")
HEARING = datetime(2026, 12, 10, 9, 30)


def seen(ocmw, reading):
    with reading(ocmw):
        return str(shared.by_slug(ocmw.slug).draft_version)


def test_running_cases_keep_their_version_and_no_new_one_starts(ocmw, proceeding, sign_in, send, read, reading):
    running, fresh = proceeding(ocmw, hearing_at=HEARING), proceeding(ocmw, "Later")
    with reading(ocmw):
        follow_id = service.start(running.case_id, ocmw.scenario_id)
    page, home = f"/draaiboek/scenario/{ocmw.slug}/", f"/scenarios/dossier/{fresh.case_id}/"
    editor, worker = sign_in(ocmw, Role.PLAYBOOK_EDITOR), sign_in(ocmw)
    version = seen(ocmw, reading)
    assert f"{page}intrekken" in editor.get(page).text
    assert f"{page}intrekken" not in worker.get(page).text
    assert send(worker, f"{page}intrekken", version=version, why="x").status_code == 403
    assert send(editor, f"{page}intrekken", version=version, why=" ").status_code == 422
    late = send(editor, f"{page}intrekken", version="1", why="Vervangen door Late Reden.")
    assert late.status_code == 409
    assert "Vervangen door Late Reden." in late.text
    assert send(editor, f"{page}intrekken", version=version, why="De wet veranderde.").status_code == 302
    assert send(editor, f"{page}intrekken", version=seen(ocmw, reading), why="nog eens").status_code == 422
    for address in (page, f"/dossiers/{running.case_id}/", f"/scenarios/dossier/{running.case_id}/{follow_id}/"):
        assert "De wet veranderde." in read(worker.get(address)), address
    assert "Het scenario Van verzoekschrift tot zitting is ingetrokken" in read(
        worker.get(f"/dossiers/{running.case_id}/")
    )
    assert "Dit dossier houdt versie 1" in read(worker.get(f"/dossiers/{running.case_id}/"))
    assert "ingetrokken" in read(worker.get("/draaiboek/scenario/"))
    assert str(ocmw.scenario_id) not in worker.get(f"/dossiers/{fresh.case_id}/").text
    assert "Dit scenario is er niet meer" in read(
        worker.get(send(worker, home, scenario=str(ocmw.scenario_id)).location)
    )
    with reading(ocmw):
        assert service.followed_by(fresh.case_id) == []
        (followed,) = service.followed_by(running.case_id)
        assert (followed.row.number, followed.can_move) == (1, False)
        with pytest.raises(GoneError):
            service.move_over(running.case_id, follow_id, 1)
    assert send(editor, f"{page}ontwerp/publiceren", version=seen(ocmw, reading)).status_code == 422
    step = service_step(ocmw, reading, running.case_id)
    assert send(worker, f"/scenarios/dossier/{running.case_id}/stap/{step}/klaar").status_code == 302
    assert send(editor, f"{page}terughalen", version=seen(ocmw, reading)).status_code == 302
    assert "De wet veranderde." not in read(worker.get(f"/dossiers/{running.case_id}/"))
    assert str(ocmw.scenario_id) in worker.get(f"/dossiers/{fresh.case_id}/").text


def service_step(ocmw, reading, case_id):
    with reading(ocmw):
        return next(step.id for step in service.followed_by(case_id)[0].steps if step.task_id)
