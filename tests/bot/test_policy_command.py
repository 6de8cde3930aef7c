"""`riskdesk policy …`, and what a policy that does not validate does to a start."""

import json
from pathlib import Path

import pytest

from risk.policy import DEFAULT_FILE
from tests.bot.terminal import SECRETS, riskdesk
from tests.bot.test_check_command import desk
from tests.bot.test_desk_in_workspace import free_port

__all__ = ["desk"]

DEFAULT = DEFAULT_FILE.read_text(encoding="utf-8")


def changed(folder: Path, *changes: tuple[str, str], name: str = "ours.toml") -> str:
    """Write the default policy with some of its text changed; return the file."""
    text = DEFAULT
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    (folder / name).write_text(text, encoding="utf-8")
    return name


def line_of(text: str) -> int:
    return DEFAULT[: DEFAULT.index(text)].count("\n") + 1


BROKEN = (
    ("least_coverage = 0.20", "least_coverage = 2.5"),
    ("points = 80", 'points = "x"'),
    ('fact = "leverage"', 'fact = "levrage"'),
    ("most = 5000000", "most = -1"),
    ('role = "approver"', 'role = "boss"'),
)


def test_every_fault_is_named_with_its_line_and_remedy(tmp_path: Path) -> None:
    done = riskdesk(tmp_path, "policy", "check", changed(tmp_path, *BROKEN))

    assert done.returncode == 1
    for text, told in [
        ("least_coverage", "score.least_coverage: least_coverage must lie from 0 to 1"),
        ("points = 80", "on_time_share.points: Input should be a valid integer"),
        ('fact = "leverage"', "no fact the desk knows. Did you mean `leverage`?"),
        ("most = 5000000", "limit.most: most must be 0 or more. Change the values"),
        ('role = "approver"', "approval.steps.1.role: Input should be 'sales', "),
    ]:
        [line] = [one for one in done.stderr.splitlines() if told in one]
        assert line.startswith(f"line {line_of(text)}, "), line
    assert "Traceback" not in done.stderr


def test_faults_are_json_too(tmp_path: Path) -> None:
    done = riskdesk(tmp_path, "policy", "check", changed(tmp_path, *BROKEN), "--json")
    told = json.loads(done.stdout)
    assert done.returncode == 1
    assert not told["ok"]
    assert len(told["faults"]) == len(BROKEN)
    assert set(told["faults"][0]) == {"line", "key", "problem", "remedy"}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("points = 150", "points = 140", "the points of all measures sum to 990"),
        ("missing =", "misssing =", "Remove `misssing`, or correct its spelling."),
        ("version = ", "version ", "TOML: Expected '='"),
        ("amount = 50000", "amount = 500000000", "steps must have amounts that rise"),
        ("C = 1, D = 0.5, E = 0", "C = 1, D = 0.5", "name every class; add E"),
        ("neutral = 0.5", "neutral = nan", "neutral must lie from 0 to 1"),
        ("[15, 0.75]", "[-15, 0.75]", "figures that rise from point to point"),
        ("cut = 0.120", "cut = -0.120", "cut must be 0 or more"),
    ],
)
def test_what_cannot_be_a_policy_is_refused(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    done = riskdesk(tmp_path, "policy", "check", changed(tmp_path, (old, new)))
    assert done.returncode == 1
    assert said in done.stderr


def test_a_sound_policy_is_said_to_be_one(tmp_path: Path) -> None:
    done = riskdesk(tmp_path, "policy", "check")
    assert done.returncode == 0
    assert "is a valid policy: version 2026.1+" in done.stdout


OURS = (
    ('version = "2026.1"', 'version = "ours"'),
    ("B = 650", "B = 640"),
    ("[15, 0.5]", "[15, 0.4]"),
    ("at_least = 60", "at_least = 45"),
    ("amount = 250000", "amount = 300000"),
)


def test_a_difference_is_told_by_key_and_by_what_it_does_to_points(
    tmp_path: Path,
) -> None:
    done = riskdesk(tmp_path, "policy", "diff", changed(tmp_path, *OURS))
    assert done.returncode == 0
    for told in (
        "score.classes.B: 650 → 640",
        "approval.steps.1.amount: 250000 → 300000",
        "class B begins at 640, 10 points easier to reach",
        "days_beyond_terms: most at 15: 75 → 60 points",
        "cap overdue: at best D from overdue_days 60 on → ",
    ):
        assert told in done.stdout, done.stdout


def test_two_files_are_held_to_each_other(tmp_path: Path) -> None:
    old, new = changed(tmp_path, *OURS), changed(tmp_path, OURS[0], name="other.toml")
    done = riskdesk(tmp_path, "policy", "diff", new, old, "--json")
    told = json.loads(done.stdout)
    assert {c["key"] for c in told["changes"]} == {
        "score.classes.B",
        "score.factors.payment.measures.days_beyond_terms.curve",
        "score.caps.overdue.at_least",
        "approval.steps.1.amount",
    }
    same = riskdesk(tmp_path, "policy", "diff", new, new)
    assert "Both say the same." in same.stdout


def test_a_difference_says_who_would_change_class(desk: Path) -> None:
    easier = changed(desk, ("A = 800", "A = 990"), ("B = 650", "B = 985"))
    done = riskdesk(desk, "policy", "diff", easier, "--customers")
    assert "Of 1 customers 1 would change class." in done.stdout
    assert "Acme Ltd (1): A → C" in done.stdout


def test_a_policy_is_shown_in_part_or_whole(tmp_path: Path) -> None:
    ours = changed(tmp_path, *OURS)
    settings = {"RISKDESK_POLICY": ours}
    shown = riskdesk(tmp_path, "policy", "show", "score.classes", **settings)
    assert "in force as ours+" in shown.stdout
    assert "score.classes.B = 640" in shown.stdout
    assert "approval" not in shown.stdout
    told = riskdesk(tmp_path, "policy", "show", "--json", **settings)
    assert json.loads(told.stdout)["values"]["approval.steps.1.amount"] == 300000
    slip = riskdesk(tmp_path, "policy", "show", "score.clases")
    assert slip.returncode == 1
    assert "Did you mean score.classes?" in slip.stderr


@pytest.mark.parametrize("command", ["run", "score"])
def test_no_other_policy_takes_the_place_of_a_bad_one(
    tmp_path: Path, command: str
) -> None:
    riskdesk(tmp_path, "db", "upgrade")
    bad = SECRETS | {"RISKDESK_POLICY": changed(tmp_path, *BROKEN)}
    bad["PORT"] = str(free_port())
    for settings, said in [
        (bad, "limit.most: most must be 0 or more"),
        (bad | {"RISKDESK_POLICY": "gone.toml"}, "The policy gone.toml cannot be read"),
    ]:
        done = riskdesk(tmp_path, command, **settings)
        assert done.returncode == 1
        assert said in done.stderr
        assert "Traceback" not in done.stderr
