"""Who plays a part in the demo, where they talk, and what they may do."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Persona:
    """Somebody to act as; `roles` are granted, `region` is what they sell in."""

    slack_id: str
    name: str
    title: str
    language: str
    timezone: str
    roles: tuple[str, ...] = ()
    region: str = ""
    guest: bool = False

    @property
    def email(self) -> str:
        """Return an address that leads nowhere."""
        return f"{self.name.split()[0].casefold()}@desk.example"


SALES = Persona(
    "U0SALES", "Sam Rivers", "Sales, Europe", "en-GB", "Europe/London", (), "Europe"
)
SALES_CHINA = Persona(
    "U0CHINA", "Lin Yue 林悦", "销售，华东", "zh-CN", "Asia/Shanghai", (), "China"
)
ANALYST = Persona(
    "U0ANALYST",
    "Ada Brandt",
    "Credit analyst",
    "en-GB",
    "Europe/Berlin",
    ("analyst", "finance", "trainer"),
)
MANAGER = Persona(
    "U0MANAGER",
    "Maya Okoro",
    "Head of credit; approves",
    "en-US",
    "America/New_York",
    ("approver", "lead", "admin", "legal"),
)
TRAINEE = Persona(
    "U0TRAINEE",
    "Theo Park",
    "Trainee",
    "en-US",
    "America/New_York",
    (),
    "Americas",
)
GUEST = Persona(
    "U0GUEST", "Gil Moreau", "Guest, auditor", "en-US", "Europe/Paris", guest=True
)
PERSONAS = (SALES, SALES_CHINA, ANALYST, MANAGER, TRAINEE, GUEST)


@dataclass(frozen=True, slots=True)
class Channel:
    """A place to talk; `shared` with another company, through Slack Connect."""

    slack_id: str
    name: str
    topic: str
    members: tuple[str, ...]
    shared: bool = False


_OURS = tuple(person.slack_id for person in PERSONAS if not person.guest)
CHANNELS = (
    Channel("C0SALES", "sales", "May we ship? Try /risk help", _OURS),
    Channel("C0CHINA", "销售-中国", "能发货吗？试试 /risk help", _OURS),
    Channel("C0RISK", "risk-alerts", "Digests and alerts of the risk desk", _OURS),
    Channel(
        "C0SHARED",
        "with-our-insurer",
        "Shared with another company: the desk shows no figures here",
        (SALES.slack_id, MANAGER.slack_id, GUEST.slack_id),
        shared=True,
    ),
)


@dataclass(frozen=True, slots=True)
class Alerted:
    """A channel that hears of problems: of which regions, how many a week."""

    channel: str
    language: str
    timezone: str
    budget: int
    regions: tuple[str, ...] = ()


ALERTED = (
    Alerted("C0RISK", "en", ANALYST.timezone, 10),
    Alerted("C0CHINA", "zh-CN", SALES_CHINA.timezone, 4, (SALES_CHINA.region,)),
)
