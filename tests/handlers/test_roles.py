"""`/risk role`: seen by all, changed by admins."""

from tests.conftest import Person
from tests.handlers.test_lookup import said


def admin(person: Person) -> Person:
    """Return the admin that the settings name."""
    return Person(person.app, person.slack, "UADMIN")


def test_everybody_sees_their_roles_and_who_the_admins_are(person: Person) -> None:
    words = said(person.types("/risk", "role"))
    assert "Your roles" in words
    assert "`sales`" in words
    assert "<@UADMIN>" in words


def test_an_admin_gives_a_role_and_takes_it(person: Person) -> None:
    boss = admin(person)
    assert "now has the role `analyst`" in said(
        boss.types("/risk", "role <@U1|ann> +analyst EMEA")
    )
    assert "has the role `analyst` already" in said(
        boss.types("/risk", "role <@U1|ann> +analyst EMEA")
    )
    assert "`analyst` · EMEA" in said(person.types("/risk", "role"))
    assert "no longer has" in said(boss.types("/risk", "role <@U1|ann> -analyst EMEA"))
    assert "analyst" not in said(person.types("/risk", "role"))


def test_others_change_nothing(person: Person) -> None:
    answer = person.types("/risk", "role <@U1|ann> +admin")
    assert "Only an admin can change roles" in answer["text"]


def test_what_cannot_be_read_is_answered_with_an_example(person: Person) -> None:
    boss = admin(person)
    assert "for example" in boss.types("/risk", "role +analyst")["text"]
    assert "The roles are" in boss.types("/risk", "role <@U1> +king")["text"]
    assert "Everybody has" in boss.types("/risk", "role <@U1> -sales")["text"]
    assert "Only" not in said(boss.reads("zh-CN").types("/risk", "角色"))
