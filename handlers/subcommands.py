"""Every subcommand of `/risk`: how it is written, an example, what it does."""

from difflib import get_close_matches

from risk.errors import N_
from templates.messages.lookup import CommandLine, Help

NAME = "…"
"""Stands for the look-up, which has no word of its own."""

COMMANDS: dict[str, CommandLine] = {
    NAME: CommandLine(
        "/risk <name or number>",
        "/risk Acme",
        N_("Shows a customer: what they owe, how they pay, what changed."),
    ),
    "backtest": CommandLine(
        "/risk backtest [from] [to] [horizon N] [late N] [here]",
        "/risk backtest 2024-01 2024-12 horizon 90 late 15",
        N_("Holds the score to history: who paid late, and did the score tell?"),
    ),
    "alerts": CommandLine(
        "/risk alerts [link | me | @person] [pause | resume | off]",
        "/risk alerts",
        N_(
            "Sets up which problems interrupt this channel, how many a week and when;"
            " a thread by its link, or your direct messages. None come before that."
        ),
    ),
    "check": CommandLine(
        "/risk check [customer] [amount] [currency] [net N] [prepay P%]",
        "/risk check Acme 80k USD net 60",
        N_("May I ship? Says yes, yes if, or whom to ask; without an amount, a form."),
    ),
    "digest": CommandLine(
        "/risk digest [now | pause | resume | off]",
        "/risk digest",
        N_("Sets up this channel's digest; or sends, pauses, resumes or ends it."),
    ),
    "limit": CommandLine(
        "/risk limit <customer>",
        "/risk limit Acme",
        N_("Shows every method of a credit limit; sets one, or asks for it."),
    ),
    "note": CommandLine(
        "/risk note <customer>: <what happened>",
        "/risk note Acme: their finance director left",
        N_("Keeps evidence on a customer; it weighs on the score and fades."),
    ),
    "promise": CommandLine(
        "/risk promise <customer> <amount> <day>",
        "/risk promise Acme 30k Friday",
        N_("Writes a promise to pay down; the payments say whether it was kept."),
    ),
    "problems": CommandLine(
        "/risk problems [customer | all]",
        "/risk problems Acme",
        N_("Shows open problems: a customer's, or those of my customers; or of all."),
    ),
    "role": CommandLine(
        "/risk role [@person] [+role | -role] [region]",
        "/risk role @ann +analyst",
        N_("Shows who may do what; admins give roles and take them."),
    ),
    "whatif": CommandLine(
        "/risk whatif <customer> <what changes>",
        "/risk whatif Acme pays the two oldest invoices",
        N_("Shows what a change would do to score and standing; stores nothing."),
    ),
    "unwatch": CommandLine(
        "/risk unwatch <customer>",
        "/risk unwatch Acme",
        N_("Tells you of a customer no more."),
    ),
    "watch": CommandLine(
        "/risk watch [customer] [causes]",
        "/risk watch Acme payment,limit",
        N_("Tells you alone of a customer's problems; without a name, whom you watch."),
    ),
    "rules": CommandLine(
        "/risk rules [title | score]",
        "/risk rules",
        N_("Lists all rules and how each does; writes, tries and switches your own."),
    ),
    "help": CommandLine("/risk help", "/risk help", N_("Shows this list.")),
}

ALIASES = {
    "帮助": "help",
    "?": "help",
    "检验": "backtest",
    "提醒": "alerts",
    "审核": "check",
    "摘要": "digest",
    "额度": "limit",
    "问题": "problems",
    "角色": "role",
    "规则": "rules",
    "备注": "note",
    "承诺": "promise",
    "假如": "whatif",
    "如果": "whatif",
    "取消关注": "unwatch",
    "关注": "watch",
}
"""What subcommands are called in Chinese."""

_ALIKE = 0.7


def help_message() -> Help:
    """Return the list of all subcommands."""
    return Help(tuple(COMMANDS.values()))


def nearest_command(word: str) -> str | None:
    """Return the subcommand that `word` is probably a slip of."""
    names = [*(COMMANDS.keys() - {NAME}), *ALIASES]
    near = get_close_matches(word.casefold(), names, 1, _ALIKE)
    return ALIASES.get(near[0], near[0]) if near else None


def did_you_mean(typed: str, meant: str) -> Help:
    """Return the subcommand that was probably meant, with its example."""
    return Help((COMMANDS[meant],), meant=meant, typed=typed)
