"""Commands against what runs: call, runs, why, publish, plan, doctor."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.cli.conftest import Dev, Ended, Writ, change, clean_environment, run_process

NOBODYS = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def practitioner(writ: Writ, here: Dev) -> str:
    added = writ("call", "clinic.add_practitioner", "name=Dr Ada", "speciality=general", "--role", "reception")
    assert added.code == 0, added.err
    found: str = added.json["practitioner"]
    return found


def run_of(ended: Ended) -> str:
    return ended.err.split("run ", 1)[1].split()[0]


def test_a_call_prints_its_answer_and_tells_its_run_beside_it(writ: Writ, here: Dev) -> None:
    answered = writ("call", "clinic.list_free_slots", "limit:=5", "--role", "reception")
    assert answered.code == 0
    assert "slots" in answered.json
    assert f"writ why {run_of(answered)}" in answered.err


def test_the_app_may_be_left_out_where_one_app_has_the_tool(writ: Writ, here: Dev) -> None:
    assert writ("call", "list_free_slots", "--role", "reception").code == 0
    refused = writ("call", "list_frei_slots", "--role", "reception")
    assert refused.code == 2
    assert "`app.tool`" in refused.err


def test_input_from_a_file_and_json_output(writ: Writ, here: Dev, practitioner: str, tmp_path: Path) -> None:
    starts = (datetime.now(UTC) + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    given = {"practitioner": practitioner, "slots": [{"starts_at": starts, "minutes": 30}]}
    (tmp_path / "input.json").write_text(json.dumps(given))
    answered = writ(
        "call", "clinic.open_slots", "--input", f"@{tmp_path}/input.json", "--role", "reception", "--format", "json"
    )
    assert answered.code == 0, answered.err
    assert set(answered.json) == {"run", "outcome", "status", "content"}
    assert (answered.json["outcome"], answered.json["status"]) == ("answered", 200)
    assert answered.json["content"]["opened"] == 1
    assert answered.err == ""


def test_a_refusal_is_an_exit_code_of_1_and_readable(writ: Writ, here: Dev) -> None:
    refused = writ("call", "clinic.add_practitioner", "name=Dr Ada", "speciality=general", "--role", "patient")
    assert (refused.code, refused.out) == (1, "")
    assert "403 forbidden" in refused.err
    assert "--role" in refused.err


def test_invalid_input_names_each_place_and_how_to_send_json(writ: Writ, here: Dev) -> None:
    refused = writ("call", "clinic.list_free_slots", "limit=5", "--role", "reception")
    assert refused.code == 1
    assert "422 invalid_input" in refused.err
    assert "/limit: " in refused.err
    assert "`limit:=…`" in refused.err


def test_a_text_that_is_wrong_as_a_text_is_not_to_be_sent_as_json(writ: Writ, here: Dev) -> None:
    refused = writ("call", "clinic.cancel_appointment", "appointment=1", "--role", "reception")
    assert "/appointment: is not a valid uuid" in refused.err
    assert ":=" not in refused.err


def test_the_same_key_is_the_same_run(writ: Writ, here: Dev) -> None:
    call = ("call", "clinic.add_practitioner", "name=Dr Twice", "speciality=dental", "--role", "reception")
    first, second = (writ(*call, "--idempotency-key", "once", "--format", "json").json for _ in range(2))
    assert first == second


def test_a_call_that_is_not_waited_for_prints_the_run(writ: Writ, here: Dev) -> None:
    started = writ("call", "clinic.list_free_slots", "--role", "reception", "--no-wait")
    assert started.code == 0
    assert started.json == {"run": run_of(started), "outcome": "running"}


def test_a_token_of_ones_own_is_used(writ: Writ, here: Dev) -> None:
    token = writ("token", "--subject", "ada", "--role", "reception").out.strip()
    assert writ("call", "clinic.list_free_slots", "--token", token).code == 0
    refused = writ("call", "clinic.list_free_slots", "--token", "not.a.token")
    assert refused.code == 1
    assert "401" in refused.err
    assert writ("call", "clinic.list_free_slots", "--token", token, "--role", "reception").code == 2


@pytest.mark.parametrize(
    ("tool", "reason", "way_out"),
    [
        ("clinic.list_free_slot", "`clinic` has no tool `list_free_slot`", "did you mean `list_free_slots`?"),
        ("clinic.xyz", "`clinic` has no tool `xyz`", "`cancel_appointment`"),
        ("clinik.list_free_slots", "no app `clinik` is published", "did you mean `clinic`?"),
        ("nothing.x", "no app `nothing` is published", "known here: `clinic`"),
    ],
)
def test_a_tool_that_does_not_exist_is_named_with_those_that_do(
    writ: Writ, here: Dev, tool: str, reason: str, way_out: str
) -> None:
    refused = writ("call", tool)
    assert refused.code == 1
    assert reason in refused.err
    assert way_out in refused.err
    content = writ("call", tool, "--format", "json").json
    assert (content["outcome"], content["status"], content["run"]) == ("refused", 404, None)


def test_what_an_app_could_not_find_is_told_by_its_run(writ: Writ, here: Dev) -> None:
    refused = writ("call", "clinic.cancel_appointment", f"appointment={NOBODYS}", "--role", "reception")
    assert "404" in refused.err
    assert "writ why" in refused.err


def test_a_policy_that_refuses_is_no_matter_of_the_role(writ: Writ, here: Dev) -> None:
    refused = writ("call", "clinic.list_free_slots", "--role", "patient", "--role", "suspended")
    assert "403 suspended_accounts" in refused.err
    assert "--role" not in refused.err


def test_nobody_at_the_address_says_how_to_start_one(writ: Writ, here: Dev) -> None:
    refused = writ("call", "clinic.list_free_slots", "--role", "reception", "--url", "http://127.0.0.1:1")
    assert refused.code == 1
    assert "no API answers at http://127.0.0.1:1" in refused.err
    assert "`writ dev`" in refused.err


@pytest.mark.parametrize("url", ["ftp://127.0.0.1", "nonsense", "http://127.0.0.1:x"])
def test_an_address_that_is_none_is_wrong_usage(writ: Writ, here: Dev, url: str) -> None:
    assert writ("call", "clinic.list_free_slots", "--role", "reception", "--url", url).code == 2


def test_runs_are_listed_newest_first(writ: Writ, here: Dev, practitioner: str) -> None:
    last = run_of(writ("call", "clinic.list_free_slots", "--role", "reception", "--subject", "somebody-else"))
    listed = writ("runs", "--limit", "2", "--format", "json").json
    assert [run["tool"] for run in listed] == ["list_free_slots", "add_practitioner"]
    assert (listed[0]["run"], listed[0]["outcome"]) == (last, "answered")
    table = writ("runs", "--subject", "somebody-else")
    assert table.out.splitlines()[0].split() == ["recorded", "(UTC)", "run", "tool", "outcome", "by", "took"]
    assert last in table.out


def test_runs_are_listed_by_tool_and_outcome(writ: Writ, here: Dev, practitioner: str) -> None:
    writ("call", "clinic.add_practitioner", "name=x", "speciality=general", "--role", "patient")
    refused = writ("runs", "--tool", "clinic.add_practitioner", "--outcome", "refused", "--format", "json").json
    assert refused
    assert {(run["tool"], run["refusal"]["code"]) for run in refused} == {("add_practitioner", "forbidden")}
    assert writ("runs", "--tool", "clinic.", "--limit", "1", "--format", "json").json[0]["app"] == "clinic"
    nothing = writ("runs", "--tool", "shop.sell")
    assert (nothing.code, nothing.out) == (0, "")
    assert "no run" in nothing.err
    assert writ("runs", "--limit", "0").code == 2


def test_why_explains_the_nine_steps(writ: Writ, here: Dev) -> None:
    run = run_of(writ("call", "clinic.add_practitioner", "name=Dr Y", "speciality=general", "--role", "reception"))
    explained = writ("why", run)
    assert explained.code == 0
    lines = explained.out.splitlines()
    assert lines[0] == "clinic.add_practitioner answered"
    assert [line.split()[1] for line in lines if line.startswith("  ✓")] == list("123456789")
    assert "practitioner (create): 1 row created" in explained.out
    assert writ("why", run, "--format", "json").json["outcome"] == "answered"


def test_a_run_is_found_by_how_its_id_begins(writ: Writ, here: Dev) -> None:
    run = run_of(writ("call", "clinic.list_free_slots", "--role", "reception"))
    assert writ("why", run[:18], "--format", "json").json["run"] == run
    too_short = writ("why", run[:5])
    assert too_short.code == 1
    assert "6 characters are needed" in too_short.err


def test_why_names_what_refused(writ: Writ, here: Dev) -> None:
    writ("call", "clinic.list_free_slots", "--role", "patient", "--role", "suspended")
    explained = writ("why")
    assert "clinic.list_free_slots refused: suspended_accounts" in explained.out
    assert "✗ 3 check policies" in explained.out
    assert "– 7 commit" in explained.out


def test_why_of_an_unknown_run_is_an_exit_code_of_1(writ: Writ, here: Dev) -> None:
    refused = writ("why", "no\x1b[31m-such-run")
    assert refused.code == 1
    assert "there is no run `no\\u{1b}[31m-such-run`" in refused.err


def test_publishing_again_changes_nothing(writ: Writ, here: Dev) -> None:
    published = writ("publish", "specs/clinic", "--format", "json")
    assert published.code == 0
    assert published.json["already_active"] is True
    assert published.json["statements"] == []
    assert published.json["digest"] == writ("check", "specs/clinic", "--format", "json").json["digest"]


def test_an_app_with_problems_is_not_published(writ: Writ, here: Dev, tmp_path: Path) -> None:
    app = tmp_path / "shop"
    assert writ("new", app).code == 0
    change(app / "app.yaml", "roles:", "rolls:")
    refused = writ("publish", app)
    assert (refused.code, refused.out) == (1, "")
    assert "did you mean `roles`?" in refused.err
    assert "nothing was done" in refused.err


def test_a_new_app_is_published_and_called_at_once(writ: Writ, here: Dev, tmp_path: Path) -> None:
    assert writ("new", tmp_path / "shop").code == 0
    published = writ("publish", tmp_path / "shop")
    assert published.code == 0, published.err
    assert published.out.startswith("shop: published sha256:")
    # Within 50 ms, says the design; whoever starts a process for the call comes later than that.
    added = run_process("call", "shop.add_task", "title=Water", "--role", "member", cwd=here.folder)
    assert added.code == 0, added.err
    listed = writ("call", "shop.list_tasks", "--role", "member").json
    assert [task["title"] for task in listed["tasks"]] == ["Water"]
    assert writ("call", "shop.list_tasks", "--role", "member", "--subject", "another").json == {"tasks": []}


def test_what_would_lose_data_is_refused_with_the_reason(writ: Writ, here: Dev, tmp_path: Path) -> None:
    app = tmp_path / "losing"
    assert writ("new", app).code == 0
    assert writ("publish", app).code == 0
    change(app / "entities" / "task.yaml", "due: {type: date", "due: {type: timestamp")
    change(app / "tools" / "add_task.yaml", "format: date}", "format: date-time}")
    planned = writ("plan", app)
    assert planned.code == 1
    assert "publishing would be refused:" in planned.out
    refused = writ("publish", app)
    assert refused.code == 1
    assert "`Task.due`" in refused.err
    assert "nothing was changed" in refused.err


def test_a_plan_shows_nodes_sql_and_parameters(writ: Writ, here: Dev) -> None:
    shown = writ("plan", "specs/clinic", "cancel_appointment")
    assert shown.code == 0
    for text in (
        "clinic.cancel_appointment  POST /clinic/appointments/{appointment}/cancel",
        "transaction cancelling (serializable; a statement 2000 ms, all 5000 ms)",
        "FROM clinic.appointment AS appointment",
        "$1 = input.appointment",
        "when is_late",
        "otherwise",
        "respond {appointment: appointment.id, late: is_late}",
    ):
        assert text in shown.out


def test_a_plan_of_the_whole_app_is_compared_with_the_database(writ: Writ, here: Dev, tmp_path: Path) -> None:
    shown = writ("plan", "specs/clinic")
    assert shown.code == 0
    assert "one_booking_per_slot: count <= 1" in shown.out
    assert shown.out.rstrip().endswith("the database fits already")
    writ("new", tmp_path / "another")
    assert "CREATE TABLE another.task" in writ("plan", tmp_path / "another").out


def test_the_canonical_release_has_its_digest(here: Dev, writ: Writ) -> None:
    from writ.digest import digest_of

    body = run_process("plan", "specs/clinic", "--format", "json", cwd=here.folder).out
    assert digest_of(body.encode()) == writ("check", "specs/clinic", "--format", "json").json["digest"]


def test_a_plan_of_an_unknown_tool_is_wrong_usage(writ: Writ, here: Dev) -> None:
    refused = writ("plan", "specs/clinic", "cancel")
    assert refused.code == 2
    assert "cancel_appointment" in refused.err


def test_the_doctor_finds_nothing_wrong(writ: Writ, here: Dev) -> None:
    examined = writ("doctor")
    assert examined.code == 0, examined.out
    for text in (
        "Python 3.",
        "PostgreSQL 18",
        "owns nothing",
        "append-only",
        "`clinic` runs release",
        "search attributes",
    ):
        assert text in examined.out
    assert examined.out.count("\n!!") == 0
    assert writ("doctor", "--format", "json").json["ok"] is True


def test_the_doctor_names_what_is_wrong_and_the_way_out(writ: Writ, here: Dev, monkeypatch: pytest.MonkeyPatch) -> None:
    from cli.engines import with_engines
    from settings import Settings

    owner = with_engines(Settings(), "publish").require_publish_database()
    monkeypatch.setenv("DATABASE_URL", owner)
    monkeypatch.setenv("WRIT_TASK_QEUE", "x")
    examined = writ("doctor", "--format", "json")
    assert examined.code == 1
    wrong = {check["what"]: check["way_out"] for check in examined.json["checks"] if check["state"] == "wrong"}
    assert wrong["the variable `WRIT_TASK_QEUE` means nothing"] == "did you mean `WRIT_TASK_QUEUE`?"
    assert "the role `writ_owner` owns tables: it could change them" in wrong
    assert all(wrong.values())


def test_the_doctor_reports_engines_that_do_not_answer(
    writ: Writ, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/writ")
    monkeypatch.setenv("TEMPORAL_ADDRESS", "127.0.0.1:1")
    examined = writ("doctor")
    assert examined.code == 1
    assert "PostgreSQL cannot be reached" in examined.out
    assert "Temporal does not answer at 127.0.0.1:1" in examined.out


def test_serving_at_a_port_that_is_taken_says_so(here: Dev) -> None:
    port = here.url.rsplit(":", 1)[1]
    refused = run_process("serve", cwd=here.folder, WRIT_API_PORT=port)
    assert refused.code == 1
    assert f"cannot listen on 127.0.0.1:{port}: address already in use" in refused.err
    assert json.loads((here.folder / ".writ" / "api.json").read_text())["url"] == here.url


def test_completion_offers_tools(here: Dev) -> None:
    import subprocess
    import sys

    environment = clean_environment(_WRIT_COMPLETE="complete_bash", COMP_WORDS="writ call clinic.book", COMP_CWORD="2")
    done = subprocess.run(
        [sys.executable, "-m", "cli"], cwd=here.folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.stdout.split() == ["clinic.book_appointment", "clinic.book_for_patient"]
