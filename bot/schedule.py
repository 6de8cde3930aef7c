"""When things happen by themselves. What happens is in `workflows`."""

from collections.abc import Callable
from datetime import timedelta

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

SWEEP_SECONDS, FILES_SECONDS, RECOVER_SECONDS, TIDY_HOURS = 5, 1, 30, 1
CHECKS_SECONDS, PROMISES_SECONDS, REPORTS_SECONDS = 30, 60, 1
TOUCHED_SECONDS, EVERYBODY_SECONDS = 1, 20
ALERTS_SECONDS, BUDGETS_SECONDS = 5, 60
PREVIEW_SECONDS = 1


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
    jobs = (
        (owe_digests, [services, readers_of], timedelta(seconds=SWEEP_SECONDS)),
        (
            import_dropped,
            [services, fetch, open_file],
            timedelta(seconds=FILES_SECONDS),
        ),
        (sweep_touched, [services], timedelta(seconds=TOUCHED_SECONDS)),
        (sweep_due, [services], timedelta(seconds=EVERYBODY_SECONDS)),
        (preview_rules, [services, stopping], timedelta(seconds=PREVIEW_SECONDS)),
        (make_scores, [services, stopping], timedelta(seconds=REPORTS_SECONDS)),
        (make_backtests, [services, stopping], timedelta(seconds=REPORTS_SECONDS)),
        (remind_waiting, [services], timedelta(seconds=CHECKS_SECONDS)),
        (watch_released, [services], timedelta(seconds=CHECKS_SECONDS)),
        (judge_due, [services], timedelta(seconds=PROMISES_SECONDS)),
        (tend_alerts, [services, readers_of], timedelta(seconds=ALERTS_SECONDS)),
        (wake_snoozed, [services], timedelta(seconds=ALERTS_SECONDS)),
        (spend_what_is_left, [services], timedelta(seconds=BUDGETS_SECONDS)),
        (recover, [services], timedelta(seconds=RECOVER_SECONDS)),
        (forget_events, [services], timedelta(hours=TIDY_HOURS)),
        (drop_old_states, [services], timedelta(hours=TIDY_HOURS)),
    )
    for job, arguments, every in jobs:
        seconds = int(every.total_seconds())
        trigger = IntervalTrigger(seconds=seconds, timezone="UTC")
        scheduler.add_job(job, trigger, arguments, id=job.__name__)
    return scheduler
