"""The markdown block reads as standard Markdown, and never as HTML."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.blocks.markdown import draw_markdown
from tests.sandbox.html_tree import read

TEXT = """# Title
**bold** _italic_ ~~gone~~ `code` :tada:

- one
- two
  1. deep

- [ ] to do
- [x] done

> said

```python
x = 1 < 2
```

---

| Name | Sum |
| ---- | --: |
| Acme | 12  |
"""


def test_all_that_slack_lists_is_drawn() -> None:
    page = read(draw_markdown(TEXT))
    assert page.one("h1").text == "Title"
    assert page.one("strong").text == "bold"
    assert page.one("em").text == "italic"
    assert page.one("s").text == "gone"
    assert [c.text for c in page.all("code")] == ["code", "x = 1 < 2\n"]
    assert page.one("ol").text.strip() == "deep"
    assert page.one("blockquote").text.strip() == "said"
    assert [td.text for td in page.all("td")] == ["Acme", "12"]
    assert "right" in page.all("td")[1].classes
    assert page.all("hr")
    assert "🎉" in page.text


def test_tasks_have_their_boxes() -> None:
    items = [
        li.text.strip() for li in read(draw_markdown("- [ ] a\n- [x] b")).all("li")
    ]
    assert items == ["☐ a", "☑ b"]
    assert "todo" in read(draw_markdown("- [ ] a")).one("li").classes
    assert "[ ] a" in read(draw_markdown("[ ] a")).text


def test_links_open_apart_and_pictures_become_links() -> None:
    page = read(
        draw_markdown("[one](https://a.example) ![two](https://b.example/x.png)")
    )
    links = [(a.attrs["href"], a.text, a.attrs["rel"]) for a in page.all("a")]
    assert links == [
        ("https://a.example", "one", "noopener noreferrer"),
        ("https://b.example/x.png", "two", "noopener noreferrer"),
    ]
    assert not page.all("img")


UNSAFE = ["javascript:alert(1)", "data:text/html,x", "/_sandbox/reset", "//x.example"]


@pytest.mark.parametrize("address", UNSAFE)
def test_unsafe_addresses_are_no_links(address: str) -> None:
    assert not read(draw_markdown(f"[x]({address}) ![y]({address})")).all("a")


def test_html_is_only_text() -> None:
    text = (
        "<script>alert(1)</script>\n\n<img src=x onerror=alert(1)> [<b>](https://x.y)"
    )
    page = read(draw_markdown(text))
    assert {node.tag for node in page} <= {"p", "a"}
    assert "<script>alert(1)</script>" in page.text


MARKS = """* ** _ ~~ ` ``` # > - | [ ] ( ) ! < > & &lt; <script> <img [x](javascript:x)
![x](https://x.example" onerror="x) 1. https://x.example <https://x.example> \\ """
PIECES = st.sampled_from([*MARKS.split(), " ", "\n", "\n\n", "    "])
HREFS = ("http://", "https://", "mailto:", "tel:")


@given(st.lists(PIECES | st.text(max_size=5), max_size=30).map("".join))
def test_no_text_ever_becomes_harmful(text: str) -> None:
    for node in read(draw_markdown(text)):
        assert node.tag not in {"script", "img", "iframe"}
        known = {"href", "target", "rel", "start", "class"}
        assert node.attrs.keys() <= known
        assert node.attrs.get("href", "tel:").lower().startswith(HREFS)
