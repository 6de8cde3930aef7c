"""Fetches a dropped file from Slack, and gives our token to nobody else."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPResponse
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from storage.tables import ImportJob
from workflows.dropped_files import MOST_BYTES, NotFetched, TooLarge

SECONDS = 60
_CHUNK = 1 << 20
_OURS_TO_RETRY = 500


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        """Follow nothing: the token would go along."""


class Fetcher:
    """Puts dropped files into place, by the client's token."""

    def __init__(self, client: WebClient) -> None:
        """Ask the server that `client` talks to."""
        self._client = client

    def __call__(self, job: ImportJob, path: Path) -> None:
        """Put the bytes of the job's file at `path`.

        Raises:
            NotFetched: Slack does not give it.
            TooLarge: it is larger than we take.
            OSError: the connection failed; trying again may help.

        """
        url = self._address(job)
        headers = {"Authorization": f"Bearer {self._client.token}"}
        request = Request(url, headers=headers)  # noqa: S310 - `_address` checks it
        size = 0
        with _opened(request) as answer, path.open("wb") as file:
            while chunk := answer.read(_CHUNK):
                size += len(chunk)
                if size > MOST_BYTES:
                    raise TooLarge
                file.write(chunk)

    def _address(self, job: ImportJob) -> str:
        """Return where the file is: on Slack's own host, or that of its API."""
        url = job.url or self._ask(job.file_id)
        asked, api = urlsplit(url), urlsplit(self._client.base_url)
        host, home = asked.hostname or "", api.hostname or ""
        ours = host == home and asked.scheme == api.scheme
        slacks = home.endswith("slack.com") and host.endswith(".slack.com")
        if not (ours or (slacks and asked.scheme == "https")):
            raise NotFetched("unknown_host")
        return url

    def _ask(self, file_id: str) -> str:
        try:
            file = self._client.files_info(file=file_id)["file"]
        except SlackApiError as error:
            raise NotFetched(str(error.response.get("error"))) from error
        except SlackClientError as error:
            raise OSError(str(error)) from error
        return str(file.get("url_private_download") or file["url_private"])


@contextmanager
def _opened(request: Request) -> Iterator[HTTPResponse]:
    try:
        with build_opener(_Stay).open(request, timeout=SECONDS) as answer:
            yield answer
    except HTTPError as error:
        with error:
            if error.code >= _OURS_TO_RETRY:
                raise OSError(str(error.code)) from error
            raise NotFetched(str(error.code)) from error
