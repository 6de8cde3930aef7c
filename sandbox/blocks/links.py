"""Links that open nothing but web pages, mail and telephones."""

from markupsafe import Markup, escape

SCHEMES = ("http://", "https://", "mailto:", "tel:")


def safe(address: str) -> bool:
    """Return whether the address may be a link: no script, no data."""
    return address.lower().startswith(SCHEMES)


def link(address: str, shown: str) -> Markup:
    """Return the HTML of a link, or of its text alone where it is not `safe`."""
    if not safe(address):
        return escape(shown)
    drawn = Markup('<a href="{}" target="_blank" rel="noopener noreferrer">{}</a>')
    return drawn.format(address, shown.removeprefix("mailto:"))
