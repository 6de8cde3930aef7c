"""The sandbox's own speed: commands a second through it, and a post until it is seen.

200 commands a second go through the workspace to a bare Bolt app over Socket Mode,
from eight people at once; a message posted by a bot is on the page within 100 ms;
1,000 messages scroll by without a frame that takes long; the demo answers on its port
within 10 s.
"""

import signal
import statistics
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory
from time import perf_counter, sleep

import httpx
from playwright.sync_api import Page, sync_playwright
from slack_bolt import App
from slack_bolt.adapter.socket_mode.builtin import SocketModeHandler
from slack_sdk import WebClient

from sandbox.client import Workspace
from sandbox.config import config_of
from sandbox.plain_http import plain_client
from sandbox.server import Workspace as Space
from sandbox.server import bind, server_of

LEAST_PER_SECOND, MOST_SECONDS = 200, 0.1
MOST_FRAME, MOST_START = 0.05, 10
PEOPLE, COMMANDS, POSTS, MESSAGES = 8, 2_000, 30, 1_000
FRAMES = """async () => {
  const box = document.getElementById("scroller");
  box.scrollTop = 0;
  const gaps = [];
  let last = await new Promise(requestAnimationFrame);
  while (box.scrollTop + box.clientHeight < box.scrollHeight - 2) {
    box.scrollTop += 400;
    const now = await new Promise(requestAnimationFrame);
    gaps.push(now - last);
    last = now;
  }
  return gaps.sort((a, b) => a - b);
}"""
"""Scrolls through all that is shown; milliseconds of each frame, the shortest first."""
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


def on_the_page(space: Space) -> tuple[float, float] | None:
    """Return the median from a post until the page has it, and a scroll's frame.

    The frame is the 95th of a hundred; None without Chromium.
    """
    chromium = which("chromium") or which("chromium-browser")
    if chromium is None:
        return None
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox"]
        )
        page = browser.new_page()
        page.goto(f"{space.world.url}/?as=p0#C1")
        page.wait_for_selector("#messages .message", state="attached")
        seen, frame = _posted(space, page), _scrolled(space, page)
        browser.close()
    return seen, frame


def _posted(space: Space, page: Page) -> float:
    web = WebClient("xoxb-b", base_url=f"{space.world.url}/api/")
    taken = []
    for number in range(POSTS):
        began = perf_counter()
        web.chat_postMessage(channel="C1", text=f"post {number}.")
        page.wait_for_selector(f"text=post {number}.", state="attached")
        taken.append(perf_counter() - began)
    return statistics.median(taken)


def _scrolled(space: Space, page: Page) -> float:
    workspace = Workspace(space.world.url)
    for number in range(MESSAGES):
        workspace.do("say", user="p1", channel="general", text=f"said {number}")
    workspace.close()
    newest = f"text=said {MESSAGES - 1}"
    page.wait_for_selector(newest, state="attached", timeout=120_000)
    page.evaluate(FRAMES)  # once, so that every message has been drawn
    gaps: list[float] = page.evaluate(FRAMES)
    return gaps[len(gaps) * 95 // 100] / 1000


def seconds_to_answer() -> float:
    """Return how long the demo takes, started afresh, to answer on its port."""
    listening = bind("127.0.0.1", 0)
    port = listening.getsockname()[1]
    listening.close()
    with TemporaryDirectory() as folder:
        began = perf_counter()
        words = ["demo", "--port", str(port), "--folder", folder]
        process = subprocess.Popen(
            [sys.executable, "-c", "from bot.main import main; main()", *words],
            cwd=Path(__file__).parents[1],
            stdout=subprocess.DEVNULL,
        )
        with plain_client() as client:
            while True:
                try:
                    client.get(f"http://127.0.0.1:{port}/")
                    break
                except httpx.TransportError:
                    sleep(0.05)
        taken = perf_counter() - began
        process.send_signal(signal.SIGTERM)
        process.wait(60)
    return taken


def main() -> bool:
    """Print each figure against what is wanted; return whether all are reached."""
    print("sandbox:")
    started = seconds_to_answer()
    print(f"  the demo answers after {started:.1f} s ({MOST_START} allowed)")
    with serving() as space:
        rate = commands_a_second(space)
        print(f"  {rate:.0f} commands a second to a bare Bolt app")
        print(f"  {rate / LEAST_PER_SECOND:.1f} times the {LEAST_PER_SECOND} wanted")
        page = on_the_page(space)
    well = rate >= LEAST_PER_SECOND and started <= MOST_START
    if page is None:
        print("  no Chromium here: the page was not measured")
        return well
    seen, frame = page
    print(f"  a post is on the page after {seen * 1000:.0f} ms (median)")
    print(f"  {seen / MOST_SECONDS:.2f} of the {MOST_SECONDS * 1000:.0f} ms allowed")
    print(f"  {MESSAGES} messages scroll by: 95 of 100 frames within")
    print(f"  {frame * 1000:.0f} ms ({MOST_FRAME * 1000:.0f} ms allowed)")
    return well and seen <= MOST_SECONDS and frame <= MOST_FRAME


if __name__ == "__main__":
    raise SystemExit(not main())
