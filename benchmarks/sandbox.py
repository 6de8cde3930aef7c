"""The sandbox's own speed: commands a second through it, and a post until it is seen.

200 commands a second go through the workspace to a bare Bolt app over Socket Mode,
from eight people at once; a message posted by a bot is on the page within 100 ms.
"""

import statistics
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from shutil import which
from time import perf_counter, sleep

from playwright.sync_api import sync_playwright
from slack_bolt import App
from slack_bolt.adapter.socket_mode.builtin import SocketModeHandler
from slack_sdk import WebClient

from sandbox.client import Workspace
from sandbox.config import config_of
from sandbox.server import Workspace as Space
from sandbox.server import bind, server_of

LEAST_PER_SECOND, MOST_SECONDS = 200, 0.1
PEOPLE, COMMANDS, POSTS = 8, 2_000, 30
MANIFEST = {
    "features": {"slash_commands": [{"command": "/ping"}]},
    "oauth_config": {"scopes": {"bot": ["commands", "chat:write"]}},
    "settings": {"socket_mode_enabled": True},
}


@contextmanager
def serving() -> Iterator[Space]:
    """Serve a workspace with a bare Bolt app in it."""
    said = {
        "users": [{"name": f"p{n}"} for n in range(PEOPLE)],
        "channels": [{"id": "C1", "name": "general"}],
        "apps": [
            {
                "name": "Ping",
                "bot_token": "xoxb-b",
                "app_token": "xapp-b",
                "manifest": MANIFEST,
            }
        ],
    }
    space = Space.of(config_of(said))
    listening = bind("127.0.0.1", 0)
    server = server_of(space, listening)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    while not server.started:
        sleep(0.01)
    client = WebClient("xoxb-b", base_url=f"{space.world.url}/api/")
    app = App(client=client, process_before_response=True)
    app.command("/ping")(lambda ack: ack("pong"))
    handler = SocketModeHandler(app, "xapp-b", web_client=client, concurrency=PEOPLE)
    handler.connect()  # type: ignore[no-untyped-call] # the SDK says no types
    sleep(0.5)
    try:
        yield space
    finally:
        handler.close()  # type: ignore[no-untyped-call] # the SDK says no types
        server.should_exit = True
        thread.join()


def commands_a_second(space: Space) -> float:
    """Return how many commands a second are asked, answered and shown."""

    def ping(number: int) -> None:
        workspace = Workspace(space.world.url)
        person = workspace.user(f"p{number}", "general")
        for _ in range(COMMANDS // PEOPLE):
            if not person.types("/ping")["ok"]:
                raise SystemExit("a command failed")
        workspace.close()

    began = perf_counter()
    with ThreadPoolExecutor(PEOPLE) as pool:
        list(pool.map(ping, range(PEOPLE)))
    return COMMANDS / (perf_counter() - began)


def seconds_to_page(space: Space) -> float | None:
    """Return the median from a post until the page has it; None without Chromium."""
    chromium = which("chromium") or which("chromium-browser")
    if chromium is None:
        return None
    web = WebClient("xoxb-b", base_url=f"{space.world.url}/api/")
    taken = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox"]
        )
        page = browser.new_page()
        page.goto(f"{space.world.url}/?as=p0#C1")
        page.wait_for_selector("#messages .message", state="attached")
        for number in range(POSTS):
            began = perf_counter()
            web.chat_postMessage(channel="C1", text=f"post {number}.")
            page.wait_for_selector(f"text=post {number}.", state="attached")
            taken.append(perf_counter() - began)
        browser.close()
    return statistics.median(taken)


def main() -> bool:
    """Print the figures against what is wanted; return whether they are reached."""
    with serving() as space:
        rate = commands_a_second(space)
        seen = seconds_to_page(space)
    print(f"sandbox: {rate:.0f} commands a second to a bare Bolt app")
    print(f"  {rate / LEAST_PER_SECOND:.1f} times the {LEAST_PER_SECOND} wanted")
    if seen is None:
        print("  no Chromium here: a post's way to the page was not measured")
        return rate >= LEAST_PER_SECOND
    print(f"  a post is on the page after {seen * 1000:.0f} ms (median)")
    print(f"  {seen / MOST_SECONDS:.2f} of the {MOST_SECONDS * 1000:.0f} ms allowed")
    return rate >= LEAST_PER_SECOND and seen <= MOST_SECONDS


if __name__ == "__main__":
    raise SystemExit(not main())
