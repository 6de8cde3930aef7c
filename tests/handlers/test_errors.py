"""An error always becomes words the user can act on, wherever it comes up."""

from dataclasses import dataclass

import pytest
from slack_bolt import App, BoltRequest
from sqlmodel import select

from risk.errors import N_, UserError
from storage.tables import OutboxMessage
from tests.conftest import Person
from workflows.services import Services


@dataclass(eq=False)
class Unpayable(UserError):
    """A mistake for these tests; its sentence has no translation on purpose."""

    amount: str
    message = N_("Nobody can pay %(amount)s.")


def fail(error: Exception) -> None:
    raise error


@pytest.fixture
def failing(app: App) -> App:
    """Make `/mend` a mistake of the user's and `/bug` one of ours."""
    app.command("/mend")(lambda: fail(Unpayable("<!channel>")))
    app.command("/bug")(lambda: fail(ZeroDivisionError("secret")))
    app.view("bug")(lambda: fail(ZeroDivisionError("secret")))
    app.action("bug")(lambda: fail(ZeroDivisionError("secret")))
    return app


def test_a_users_mistake_is_answered_in_the_ack_and_pings_nobody(
    failing: App, person: Person
) -> None:
    answer = person.types("/mend")

    assert answer["response_type"] == "ephemeral"
    assert answer["text"] == "Nobody can pay &lt;!channel&gt;."


def test_a_fault_of_ours_shows_a_reference_that_is_in_the_log(
    failing: App, person: Person, caplog: pytest.LogCaptureFixture
) -> None:
    answer = person.types("/bug")

    [failure] = [r for r in caplog.records if r.message == "request.failed"]
    assert f"`{vars(failure)['reference']}`" in answer["blocks"][0]["text"]["text"]
    assert "secret" not in str(answer)


def test_a_failed_form_is_replaced_by_what_to_do(failing: App, person: Person) -> None:
    person.reads("zh-CN")

    answer = person.submits({"type": "modal", "callback_id": "bug"}, {})

    assert answer["response_action"] == "update"
    assert "我们这边出了点问题" in answer["view"]["blocks"][0]["text"]["text"]


def test_a_failed_click_is_answered_for_its_user_alone(
    failing: App, person: Person
) -> None:
    answer = person.clicks({"action_id": "bug"})

    assert answer["response_type"] == "ephemeral"
    assert answer["replace_original"] is False


def test_a_failed_mention_owes_an_answer_once(
    failing: App, person: Person, services: Services
) -> None:
    person.event("app_mention", text="<@UBOT> x", event_id="Ev1")
    person.event("app_mention", text="<@UBOT> x", event_id="Ev1")

    with services.database.read() as session:
        [owed] = session.exec(select(OutboxMessage)).all()
    assert (owed.method, owed.user) == ("ephemeral", person.slack_id)
    assert owed.text.startswith("No customer is called anything like “x”.")


def test_unsigned_and_stale_requests_are_refused(app: App) -> None:
    unsigned = app.dispatch(BoltRequest(body="command=/risk", headers={}))
    stale = app.dispatch(
        BoltRequest(
            body="command=/risk",
            headers={
                "x-slack-request-timestamp": "1000000000",
                "x-slack-signature": "v0=00",
            },
        )
    )

    assert (unsigned.status, stale.status) == (401, 401)
