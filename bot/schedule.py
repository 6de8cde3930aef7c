"""When things happen by themselves. What happens is in `workflows`."""

from collections.abc import Callable

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from connectors.files import open_file
from workflows.alerts.tending import spend_what_is_left, tend_alerts
from workflows.backtest_job import make_backtests
from workflows.check_watch import remind_waiting, watch_released
from workflows.deliver import forget_events, recover
from workflows.digest import ReadersOf, drop_old_states, owe_digests
from workflows.dropped_files import Fetch, import_dropped
from workflows.monitor.sweep import sweep_due, sweep_touched
from workflows.problems.snooze import wake_snoozed
from workflows.promises import judge_due
from workflows.rules.previewing import preview_rules
from workflows.rules.score_job import make_scores
from workflows.services import Services

HOUR = 3600


def build_schedule(
    services: Services,
    readers_of: ReadersOf,
    fetch: Fetch,
    stopping: Callable[[], bool] = lambda: False,
) -> BackgroundScheduler:
    """Return the scheduler, not yet started; long jobs heed `stopping`.

    Every job asks what is due and not yet done, so a late, repeated or concurrent run
    does no harm: a job says how often we look, the database what is to be done once.
    """
    scheduler = BackgroundScheduler(
        timezone="UTC",
        job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1},
    )
    jobs: tuple[tuple[int, Callable[..., object], list[object]], ...] = (
        (1, import_dropped, [services, fetch, open_file]),
        (1, sweep_touched, [services]),
        (20, sweep_due, [services]),
        (5, tend_alerts, [services, readers_of]),
        (5, wake_snoozed, [services]),
        (60, spend_what_is_left, [services]),
        (60, judge_due, [services]),
        (5, owe_digests, [services, readers_of]),
        (1, preview_rules, [services, stopping]),
        (1, make_scores, [services, stopping]),
        (1, make_backtests, [services, stopping]),
        (30, remind_waiting, [services]),
        (30, watch_released, [services]),
        (30, recover, [services]),
        (HOUR, forget_events, [services]),
        (HOUR, drop_old_states, [services]),
    )
    for seconds, job, arguments in jobs:
        trigger = IntervalTrigger(seconds=seconds, timezone="UTC")
        scheduler.add_job(job, trigger, arguments, id=job.__name__)
    return scheduler
